"""HTTP and HTML over the services: the desk for people inside, the public site for everybody."""
