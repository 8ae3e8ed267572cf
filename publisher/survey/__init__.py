"""What really stands at the sites and services, beside what was published and what the files want."""
