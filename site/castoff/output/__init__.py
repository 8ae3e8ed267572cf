"""The built site judged as a browser, an edge and a bucket will take it: what a build made, and not how."""
