package probe

import (
	"context"
	"net/netip"
)

// FewLookups is how many lookups a resolver that refuses some gets at a time.
const FewLookups = fewLookups

// InTurn asks a resolver.
func (n Network) InTurn(ctx context.Context, resolver netip.AddrPort, ask func() (refused bool)) {
	n.inTurn(ctx, resolver, ask)
}
