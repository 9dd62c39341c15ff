package jobs_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
)

// TestOperatorsKnowEveryQueue holds the queues that the document names, such as
// `interactive-0` to `-3`, against those that there are.
func TestOperatorsKnowEveryQueue(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile("`([a-z]+-)([0-9]+)` to `-([0-9]+)`").FindAllStringSubmatch(string(doc), -1) {
		first, _ := strconv.Atoi(m[2])
		last, _ := strconv.Atoi(m[3])
		for i := first; i <= last; i++ {
			named = append(named, m[1]+strconv.Itoa(i))
		}
	}
	rdb := redis.NewClient(&redis.Options{})
	defer func() { _ = rdb.Close() }()
	there := kernel.QueueNames(store.New(rdb, store.Options{}).Shards())
	slices.Sort(named)
	slices.Sort(there)
	if diff := cmp.Diff(there, named); diff != "" {
		t.Errorf("docs/operations.md names other queues (-there +named):\n%s", diff)
	}
}
