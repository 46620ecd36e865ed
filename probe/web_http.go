package probe

import "context"

func measureHTTP(ctx context.Context, n Network, o *Observation) *Error {
	f := fetch{network: n, protocol: HTTP, agent: userAgent, ranged: o.Target.Range}
	return f.families(ctx, o)
}
