package probe

// The runtime doubles a stack that is too small, and moves all frames that are on
// it. These functions make it grow while there are few. The index keeps the
// compiler from omitting the array.

// growForSignature makes room on the stack for a handshake, or for reading what was
// signed.
//
//go:noinline
func growForSignature(at int) byte {
	var room [8 << 10]byte
	return room[at]
}

// growForLookup makes room on the stack for a lookup.
//
//go:noinline
func growForLookup(at int) byte {
	var room [4 << 10]byte
	return room[at]
}
