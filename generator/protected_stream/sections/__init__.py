"""Sections of the CloudFormation template: one module or package for each part of the stream."""
