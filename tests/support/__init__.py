"""What the tests stand on: a database server, a browser, a mail server, a running portal. Nothing about the domain."""
