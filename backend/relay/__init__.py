"""Takes what people sign, sends it, and follows it; knows no action by name."""
