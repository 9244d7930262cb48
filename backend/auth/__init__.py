"""Who is looking: sign-in with Ethereum and sessions; knows no domain."""
