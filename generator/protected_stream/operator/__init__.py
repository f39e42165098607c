"""Operations on a deployed stack through boto3: what the commands of an operator do.

They read the build's folder and the deployed stack through `protected_stream.reading`, never the
stream file's options or the sections: a stack may have been deployed by another version.
"""
