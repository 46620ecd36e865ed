package readiness_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// A report that the first version of the schema wrote stays readable. Its file
// is never rewritten: if this test fails, the code is wrong.
func TestAReportOfTheFirstSchemaStaysReadable(t *testing.T) {
	data, err := os.ReadFile("testdata/schema-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var r readiness.Report
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHostUnreachable, readiness.CauseHostDoubtful}, endpoints.PhaseDeviceIdentity}, summarize(&r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ok, failed := r.Count(readiness.OK), r.Count(readiness.Failed); ok != 13 || failed != 2 || len(r.Observations) == 0 {
		t.Errorf("%d checks are ok and %d failed, with %d observations", ok, failed, len(r.Observations))
	}
	again, err := readiness.Runner{Catalog: few(t)}.Rejudge(&r)
	if err != nil || again.Verdict != readiness.Blocked {
		t.Errorf("judged again: %v, %v", again, err)
	}
	written(t, &r)
}
