"""What more than one of the functions behind the stream needs: key ring, private keys, log."""
