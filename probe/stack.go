package probe

// The runtime doubles a stack that is too small, and moves all frames that are on
// it. These functions make it grow while there are few. The index keeps the
// compiler from omitting the array.

// growForHandshake makes room on the stack for a handshake.
//
//go:noinline
func growForHandshake(at int) byte { //nolint:unparam // see above
	var room [12 << 10]byte
	return room[at]
}

// growForLookup makes room on the stack for a lookup.
//
//go:noinline
func growForLookup(at int) byte { //nolint:unparam // see above
	var room [4 << 10]byte
	return room[at]
}
