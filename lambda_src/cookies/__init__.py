"""The step between sign-in and watching: a signed-in viewer asks for the cookies and gets them."""
