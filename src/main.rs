//! The program: parses, wires, sets the exit code.

fn main() {}
