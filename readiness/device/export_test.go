package device

// FactsOf exposes on every system how registry values are interpreted.
func FactsOf(editionID, build string, revision uint64) Facts {
	return factsOf(editionID, build, revision)
}
