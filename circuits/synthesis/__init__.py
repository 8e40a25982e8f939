"""Between gates and perceptrons, both ways."""
