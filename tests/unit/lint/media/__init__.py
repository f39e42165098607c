"""The checks of what MediaLive and MediaPackage say of one another."""
