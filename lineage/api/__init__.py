"""The interface for programs: what the pages say, as JSON. Reads only, by opaque keys, named as the reader may see.

Each module answers for one part; `operation` is what all of them share.
"""
