package probetest

// Once lets a fault happen to the first connection to each address and port, and
// to no later one: an accident, that a second attempt gets around. It is about
// streams. Datagrams have [Loss], with First.
type Once struct {
	Fault Fault
}

func (o Once) in(f flow) Fault {
	if o.Fault == nil || f.network != "tcp" || f.earlier > 0 {
		return nil
	}
	return o.Fault.in(f)
}
