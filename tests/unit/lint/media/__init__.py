"""Tests of the MediaLive and MediaPackage checks."""
