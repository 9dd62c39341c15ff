package simulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A resource's dice are thrown for each of these purposes.
const (
	forTrait uint64 = iota
	forTags
	forDetail
	forAge
	forUse
	forBill
)

var (
	apps = []string{
		"checkout", "orders", "billing", "search", "auth", "catalog", "media", "reports", "ingest", "gateway",
		"inventory", "pricing", "mailer", "ledger", "profile", "shipping",
	}
	parts        = []string{"api", "worker", "web", "cron", "cache", "etl", "stream", "admin"}
	environments = []string{"prod", "prod", "prod", "staging", "staging", "dev", "dev", "test"}
	teams        = []string{"payments", "platform", "data", "growth"}
	zoneLetters  = []string{"a", "b", "c"}
)

// trait is the purpose of a resource.
type trait struct{ app, part, env, team string }

func (e *estate) trait(k kind, n int) trait {
	d := e.dice(k, n, forTrait)
	app := d.below(len(apps))
	return trait{apps[app], pick(&d, parts), pick(&d, environments), teams[app%len(teams)]}
}

// name returns a name such as "orders-api-prod-017". Its last part is the
// ordinal among the resources with such names.
func (e *estate) name(k kind, n int) string {
	t := e.trait(k, n)
	var buf [64]byte
	b := append(buf[:0], t.app...)
	b = append(append(b, '-'), t.part...)
	b = append(append(b, '-'), t.env...)
	b = append(b, '-')
	return string(padded(b, n, 3))
}

// named is the inverse of name.
func (e *estate) named(k kind, name string) (n int, ok bool) {
	n, ok = lastNumber(name)
	return n, ok && n < e.count(k) && e.name(k, n) == name
}

func lastNumber(name string) (n int, ok bool) {
	n, err := strconv.Atoi(name[strings.LastIndexByte(name, '-')+1:])
	return n, err == nil && n >= 0
}

func padded(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			b = append(b, "000000000000"[:width-1]...)
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// created returns when a resource came into being: most in the last year before
// the epoch, some up to four years before it.
func (e *estate) created(k kind, n int) time.Time {
	d := e.dice(k, n, forAge)
	days := d.below(365)
	if d.below(3) == 0 {
		days = d.below(4 * 365)
	}
	return e.epoch.Add(-time.Duration(days)*24*time.Hour - time.Duration(d.below(86400))*time.Second)
}

// tag is one tag of a resource, before it takes some SDK's shape.
type tag struct{ key, value string }

// tags appends a resource's tags to buf. One resource in eight has none. Some
// have tags that programs stumble over: empty, in other scripts, with ":" and
// "/".
func (e *estate) tags(buf []tag, k kind, n int) []tag {
	list := e.naturalTags(buf, k, n)
	if !e.changed.Load() {
		return list
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	c := e.changes[ref{k, n}]
	if c == nil {
		return list
	}
	list = slices.DeleteFunc(list, func(t tag) bool {
		_, replaced := c.tags[t.key]
		return replaced || c.untags[t.key]
	})
	for _, key := range slices.Sorted(maps.Keys(c.tags)) {
		list = append(list, tag{key, c.tags[key]})
	}
	return list
}

func (e *estate) naturalTags(buf []tag, k kind, n int) []tag {
	d := e.dice(k, n, forTags)
	if d.below(8) == 0 {
		return buf
	}
	t := e.trait(k, n)
	if k <= natGateways && d.below(12) != 0 {
		buf = append(buf, tag{"Name", e.name(k, n)})
	}
	buf = append(buf, tag{"Environment", t.env}, tag{"Team", t.team})
	if d.below(10) < 7 {
		buf = append(buf, tag{"CostCenter", "cc-" + strconv.Itoa(1000+10*int(hash(t.team)%90))})
	}
	switch d.below(24) {
	case 0:
		buf = append(buf, tag{"Zuständig/équipe", "日本 ✓"})
	case 1:
		buf = append(buf, tag{"reviewed", ""})
	case 2:
		buf = append(buf, tag{"k8s.io/cluster:name", "a:b/c=d"})
	case 3:
		if k == instances {
			buf = append(buf, tag{"aws:autoscaling:groupName", t.app + "-" + t.env})
		}
	}
	return buf
}

// setTags and unsetTags change tags.
func setTags(list []tag) func(*change) {
	return func(c *change) {
		if c.tags == nil {
			c.tags = map[string]string{}
		}
		for _, t := range list {
			c.tags[t.key] = t.value
			delete(c.untags, t.key)
		}
	}
}

func unsetTags(keys []string) func(*change) {
	return func(c *change) {
		if c.untags == nil {
			c.untags = map[string]bool{}
		}
		for _, key := range keys {
			c.untags[key] = true
			delete(c.tags, key)
		}
	}
}

// tagsAs gives a resource's tags in the shape of one SDK package.
func tagsAs[T any](e *estate, k kind, n int, shape func(key, value *string) T) []T {
	var buf [8]tag
	list := e.tags(buf[:0], k, n)
	if len(list) == 0 {
		return nil
	}
	texts := make([]string, 0, 2*len(list)) // one allocation for all
	out := make([]T, len(list))
	for i, t := range list {
		texts = append(texts, t.key, t.value)
		out[i] = shape(&texts[2*i], &texts[2*i+1])
	}
	return out
}

const hexDigits = "0123456789abcdef"

// hex17 returns an ID of the newer EC2 form: the prefix and 17 hex digits.
func hex17(prefix string, id uint64) string { return hexID(prefix+"0", id, 16) }

func hexID(prefix string, id uint64, digits int) string {
	var buf [48]byte
	b := append(buf[:0], prefix...)
	for i := digits - 1; i >= 0; i-- {
		b = append(b, hexDigits[id>>(4*i)&15])
	}
	return string(b)
}

// parseHex17 is the inverse of hex17.
func parseHex17(prefix, s string) (id uint64, ok bool) {
	digits, ok := strings.CutPrefix(s, prefix+"0")
	if !ok || len(digits) != 16 {
		return 0, false
	}
	id, err := strconv.ParseUint(digits, 16, 64)
	return id, err == nil
}

func (e *estate) newPlace(index int, region string) *place {
	p := &place{index: index}
	for _, z := range zoneLetters {
		p.zones = append(p.zones, region+z)
	}
	for v := range uint64(2) {
		p.vpcs = append(p.vpcs, hex17("vpc-", mix(e.seed^hash(region)+v)))
	}
	for s := range uint64(6) {
		p.subnets = append(p.subnets, hex17("subnet-", mix(e.seed^hash(region)+100+s)))
	}
	return p
}

// at returns where in the region a resource is. Subnet s is in VPC s/3 and
// zone s%3.
func (p *place) at(d *dice) (zone, vpc, subnet string) {
	s := d.below(len(p.subnets))
	return p.zones[s%3], p.vpcs[s/3], p.subnets[s]
}

// privateIP and publicIP return addresses that are the same for equal bits.
func privateIP(bits uint64) string { return dotted(10, bits) }

func publicIP(bits uint64) string { return dotted([]byte{3, 18, 34, 52, 54}[bits>>32%5], bits) }

func dotted(first byte, bits uint64) string {
	var buf [16]byte
	b := strconv.AppendUint(buf[:0], uint64(first), 10)
	for i := range 3 {
		b = strconv.AppendUint(append(b, '.'), bits>>(8*i)&0xff, 10)
	}
	return string(b)
}
