// Package readiness tells whether a network is ready for Windows Autopilot,
// Windows Autopilot device preparation or Windows Autopatch. It plans what to
// measure, measures it, says what the results mean, and names the one cause
// behind many symptoms.
//
// For most uses, call [Assess]:
//
//	report, err := readiness.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
//	if err != nil {
//		return err // the scope is wrong; nothing was contacted
//	}
//	render.Text(os.Stdout, report, render.TextOptions{})
//
// # Steps
//
// Assess takes three steps, which can also be taken one by one. [Runner.Plan]
// chooses the checks for a scope and lists every host before any is contacted.
// [Runner.Run] makes the checks and does not judge them. [Runner.Judge] applies
// a [Policy] to the observations and returns a report: findings, causes and the
// verdict. Judge is pure, so stored observations can be judged again.
//
// A report keeps everything that was seen. For thousands of hosts of your own,
// [Runner.Forget] makes a run keep only what decides the result, after
// [Runner.OnResult] has seen the rest.
//
// # Verdicts
//
// A service whose loss is fatal is blocked when one of its decisive endpoints
// fails. Without decisive endpoints, it is blocked when every testable required
// endpoint fails. Without required ones, it is blocked when more than half of
// the tested endpoints fail. Any other failure degrades it. A pattern is tested
// through its documented members and fails when all of them fail. Endpoints
// that cannot be tested do not count, and the report lists them with the
// reason. A service without testable endpoints is unproven.
//
// If the deadline or the caller's context cuts a run off, only completed checks
// count. The report names the others in Missing, and is blocked or unproven.
// The same holds if this machine could not make a check, for example because it
// has no sockets left.
//
// A check that was not run makes its service unproven, and an unproven fatal
// service makes the report [Unproven], unless something else blocks it. All
// zero values are fail-safe: a zero [Outcome] is not run, a zero [Impact]
// blocks, and a zero [Report] is not ready.
//
// # Policies
//
// A [Policy] says what losing a service means, and what one failure means.
// [DocumentedPolicy] reads Microsoft's documents strictly; [FieldPolicy]
// adjusts it by experience. Both are in policy_table.txt. A custom policy
// changes one of them:
//
//	policy := readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceWindowsUpdate)
//	report, err := readiness.Runner{Policy: policy}.Assess(ctx, scope)
//
// # Devices
//
// Microsoft's documents also require certain Windows editions, builds and
// licenses. If [Runner.Device] compares devices with them, the report includes
// the result. An unmet requirement counts; an unknown one does not. Package
// device has the requirements.
//
// # JSON
//
// A [Report] encodes to one JSON document, which [Schema] identifies: schema,
// verdict, scope, catalog, policy, notes, started, duration_ms, cut_off,
// missing, stops_at, services, causes, findings, untested, unconfirmed, device
// and observations. A finding names its check and has the indices of its
// observation and its cause. A cause names the checks that it explains. Missing
// names the checks that were not completed.
//
// json.Unmarshal reads a report back. It can then be rendered, or judged again
// under another policy; see [Runner.Rejudge].
//
// A [Plan] encodes to the document that [PlanSchema] identifies. It cannot be
// read back.
//
// # Compatibility
//
// Releases only add codes, JSON field names and verdicts. The wording of
// titles, evidence and remedies and the contents of the catalog change between
// releases.
package readiness
