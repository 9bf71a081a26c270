"""Actions: one module for each thing a person does; `desk` is the one door to them."""
