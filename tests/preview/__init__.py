"""The preview holds itself to AWS's words, and the template to the preview's."""
