// Go compiles functions without a body only beside an assembler file.
