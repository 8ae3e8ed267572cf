"""Privacy, proven: what is planted in an operator's files is looked for in everything that a build makes and says."""
