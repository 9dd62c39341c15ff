package filter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Every row is three spellings of one filter: as it may be typed, and the
// canonical two.
func TestReadsAndWritesBothForms(t *testing.T) {
	for _, tc := range []struct{ typed, query, json string }{
		{``, ``, `{}`},
		{` `, ``, `{}`},
		{`{}`, ``, `{}`},
		{`type:EBS_Volume`, `type:EBS_Volume`, `{"type":"EBS_Volume"}`},
		{`TYPE=b,a,b`, `type:a,b`, `{"type":["a","b"]}`},
		{`{"type":["EBS_Volume"]}`, `type:EBS_Volume`, `{"type":"EBS_Volume"}`},
		{`service:ec2 region:eu-*`, `service:ec2 region:eu-*`, `{"and":[{"service":"ec2"},{"region":{"prefix":"eu-"}}]}`},
		{`{"service":"ec2","region":{"prefix":"eu-"}}`, `service:ec2 region:eu-*`, `{"and":[{"service":"ec2"},{"region":{"prefix":"eu-"}}]}`},
		{`id:vol-1,i-*`, `id:vol-1 or id:i-*`, `{"or":[{"id":"vol-1"},{"id":{"prefix":"i-"}}]}`},
		{`-id:vol-1,i-*`, `-(id:vol-1 or id:i-*)`, `{"not":{"or":[{"id":"vol-1"},{"id":{"prefix":"i-"}}]}}`},
		{`account!=1`, `-account:1`, `{"not":{"account":"1"}}`},
		{`not not state:a`, `state:a`, `{"state":"a"}`},
		{`name~"Web Server"`, `name~"web server"`, `{"name":{"contains":"web server"}}`},
		{`name:"web server"*`, `name:"web server"*`, `{"name":{"prefix":"web server"}}`},
		{`name:"50*"`, `name:"50*"`, `{"name":"50*"}`},
		{`name:*`, `name`, `{"name":{"present":true}}`},
		{`name!`, `name!`, `{"name":{"missing":true}}`},
		{`arn~:role/`, `arn~:role/`, `{"arn":{"contains":":role/"}}`},
		{`tag:owner`, `tag:owner`, `{"tag":{"key":"owner","present":true}}`},
		{`{"tag":{"key":"owner"}}`, `tag:owner`, `{"tag":{"key":"owner","present":true}}`},
		{`tag:owner!`, `tag:owner!`, `{"tag":{"key":"owner","missing":true}}`},
		{`tag:env!=prod,test`, `-tag:env=prod,test`, `{"not":{"tag":{"equals":["prod","test"],"key":"env"}}}`},
		{`tag:aws:cloudformation:stack-name=shop`, `tag:aws:cloudformation:stack-name=shop`, `{"tag":{"equals":"shop","key":"aws:cloudformation:stack-name"}}`},
		{`tag:"a=b \"c\" \\"=""`, `tag:"a=b \"c\" \\"=""`, `{"tag":{"equals":"","key":"a=b \"c\" \\"}}`},
		{`tag:env=p*`, `tag:env=p*`, `{"tag":{"key":"env","prefix":"p"}}`},
		{`cost>5`, `cost>5`, `{"cost":{"over":5}}`},
		{`{"cost":{"min":5,"under":100.50}}`, `cost>=5 cost<100.5`, `{"and":[{"cost":{"min":5}},{"cost":{"under":100.5}}]}`},
		{`cost<=0.000000001`, `cost<=0.000000001`, `{"cost":{"max":0.000000001}}`},
		{`cost:unknown`, `cost:unknown`, `{"cost":"unknown"}`},
		{`-cost:unknown`, `-cost:unknown`, `{"not":{"cost":"unknown"}}`},
		{`cost:known`, `cost:known`, `{"cost":"known"}`},
		{`created:unknown`, `created:unknown`, `{"created":"unknown"}`},
		{`created<2026-01-01 created>=2025-01-01T02:00:00.5+02:00`, `created<2026-01-01 created>=2025-01-01T00:00:00.5Z`, `{"and":[{"created":{"before":"2026-01-01"}},{"created":{"from":"2025-01-01T00:00:00.5Z"}}]}`},
		{`age>4w age<90m`, `age>28d age<90m`, `{"and":[{"age":{"over":"28d"}},{"age":{"under":"90m"}}]}`},
		{`age>=86400s`, `age>=1d`, `{"age":{"min":"1d"}}`},
		{`meta.size_gb>=1e2`, `meta.size_gb>=100`, `{"meta":{"key":"size_gb","min":100}}`},
		{`meta.x<-0`, `meta.x<0`, `{"meta":{"key":"x","under":0}}`},
		{`meta."a b"."c".d:true`, `meta."a b".c.d:true`, `{"meta":{"equals":"true","key":"\"a b\".c.d"}}`},
		{`{"meta":{"key":"encrypted","equals":true}}`, `meta.encrypted:true`, `{"meta":{"equals":"true","key":"encrypted"}}`},
		{`meta.vpc_id! meta.role_arn`, `meta.vpc_id! meta.role_arn`, `{"and":[{"meta":{"key":"vpc_id","missing":true}},{"meta":{"key":"role_arn","present":true}}]}`},
		{`type:a AND state:b Or region:c`, `(type:a state:b) or region:c`, `{"or":[{"and":[{"type":"a"},{"state":"b"}]},{"region":"c"}]}`},
		{`type:a(state:b or(state:c))and((region:d))`, `type:a (state:b or state:c) region:d`, `{"and":[{"type":"a"},{"or":[{"state":"b"},{"state":"c"}]},{"region":"d"}]}`},
		{`- ( type:a state:b )`, `-(type:a state:b)`, `{"not":{"and":[{"type":"a"},{"state":"b"}]}}`},
		{`{"and":[{"or":[{"and":[{"type":"a"}]}]},{"and":[{"state":"b"},{"id":"c"}]}]}`, `type:a state:b id:c`, `{"and":[{"type":"a"},{"state":"b"},{"id":"c"}]}`},
		{`{"not":{"not":{"type":"a"}}}`, `type:a`, `{"type":"a"}`},
	} {
		t.Run(tc.typed, func(t *testing.T) {
			for _, form := range []string{tc.typed, tc.query, tc.json} {
				f, err := filter.Parse(form)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				b, err := json.Marshal(f)
				if got := f.String(); got != tc.query || string(b) != tc.json || err != nil {
					t.Errorf("%s is written\n%s\n%s, want\n%s\n%s (%v)", form, got, b, tc.query, tc.json, err)
				}
				if f.IsZero() != (tc.query == "") {
					t.Errorf("IsZero is %t", f.IsZero())
				}
			}
			quoted, _ := json.Marshal(tc.typed)
			var f filter.Filter
			if err := json.Unmarshal(quoted, &f); err != nil || f.String() != tc.query {
				t.Errorf("in a string: %q, %v", f, err)
			}
		})
	}
}

func TestSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{`typ:EBS_Volume`, `character 1: unknown field; there are type, service, region, account, state, id, name, arn, tag, meta, cost, created, age`},
		{`type:a (état:b)`, `character 9: unknown field; there are type, service, region, account, state, id, name, arn, tag, meta, cost, created, age`},
		{`name:é or`, `character 10: expected a condition such as type:EBS_Volume, of type, service, region, account, state, id, name, arn, tag, meta, cost, created, age`},
		{`(type:a`, `character 1: a parenthesis is not closed`},
		{`type:a)`, `character 7: a parenthesis is closed that was not opened`},
		{`type:`, `character 6: expected a value; "" is the empty one`},
		{`type:a,`, `character 8: expected a value; "" is the empty one`},
		{`type:""`, `character 1: type needs a value`},
		{`type:"a"b`, `character 9: expected the end of the value`},
		{`name:"web`, `character 6: a quote is not closed; within quotes, \" and \\ stand for " and \`},
		{`name:"\n"`, `character 6: a quote is not closed; within quotes, \" and \\ stand for " and \`},
		{`name:w*b`, `character 6: a star stands at the end of a value only; quote one that is meant`},
		{`name~w*`, `character 6: a star belongs to : and = only; quote one that is meant`},
		{`type>5`, `character 1: type knows no comparison`},
		{`type;5`, `character 5: expected one of : = != ~ ! > >= < <=, or the end of the condition`},
		{`tag`, `character 4: expected a colon and a key, such as tag:env=prod`},
		{`tag:`, `character 1: tag needs a key`},
		{`tag:owner!x`, `character 11: expected one of : = != ~ ! > >= < <=, or the end of the condition`},
		{`meta:x=1`, `character 5: expected a dot and a path of metadata, such as meta.size_gb`},
		{`meta.a..b`, `character 1: expected a path of metadata such as size_gb or "a member".type`},
		{`meta.a>b`, `character 1: expected a number`},
		{`meta.a>0x10`, `character 1: expected a number`},
		{`meta.a>1,2`, `character 8: a comparison takes one value`},
		{`cost:5`, `character 1: cost is compared with >, >=, < or <=, or is cost:known or cost:unknown`},
		{`cost`, `character 1: cost is compared with >, >=, < or <=, or is cost:known or cost:unknown`},
		{`cost>NaN`, `character 1: expected dollars a month, from 0 to 1000000`},
		{`cost>-1`, `character 1: expected dollars a month, from 0 to 1000000`},
		{`created<yesterday`, `character 1: expected a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z`},
		{`age>30`, `character 1: expected a duration such as 30d: a whole number of s, m, h, d or w, of at most 100 years`},
		{`age>99999d`, `character 1: expected a duration such as 30d: a whole number of s, m, h, d or w, of at most 100 years`},
		{`age:unknown`, `character 1: age is compared with >, >=, < or <=`},
		{"type:\xff", `filter: not UTF-8`},
		{strings.Repeat("(", 200), `character 101: nested too deep`},
		{strings.Repeat("-(state:a ", 30) + "state:b" + strings.Repeat(")", 30), `filter: nested deeper than 20`},
		{strings.Repeat("type:a ", 201), `filter: more than 200 conditions`},
		{"name:" + strings.Repeat("x", 1025), `character 1: a value or a key has more than 1024 bytes`},
		{`{"typ":"a"}`, `typ: unknown field; there are and, or, not, type, service, region, account, state, id, name, arn, tag, meta, cost, created, age`},
		{`{"and":[{"type":"a"},{"not":{"tag":{"key":"k","equal":"x"}}}]}`, `and[1].not.tag.equal: unknown test; tag has key, equals, prefix, contains, present, missing`},
		{`{"and":[]}`, `and: expected a list of filters, at least one`},
		{`{"or":[{}]}`, `or[0]: expected a condition`},
		{`{"not":[]}`, `not: expected an object of conditions`},
		{`{"type":[]}`, `type: expected a value or a list of them, at least one`},
		{`{"type":null}`, `type: expected text, a number or a boolean`},
		{`{"type":{"over":5}}`, `type.over: unknown test; type has equals, prefix, contains, present, missing`},
		{`{"name":{"present":false}}`, `name.present: expected true`},
		{`{"cost":5}`, `cost: expected an object of over, min, under, max`},
		{`{"cost":{"min":[]}}`, `cost.min: expected text, a number or a boolean`},
		{`{"created":{"over":"2026-01-01"}}`, `created.over: unknown test; created has after, from, before, until`},
		{`{"tag":{"equals":"x"}}`, `tag.equals: tag needs a key`},
		{`{"tag":{"key":5}}`, `tag.key: expected text`},
		{`{"type":`, `filter: not JSON`},
		{`{"not":` + strings.Repeat(`{"not":`, 150) + `{}` + strings.Repeat(`}`, 151), strings.TrimSuffix(strings.Repeat("not.", 101), ".") + `: nested too deep`},
	} {
		t.Run(tc.want, func(t *testing.T) {
			f, err := filter.Parse(tc.text)
			if err == nil || err.Error() != tc.want {
				t.Errorf("%s is %q: %v", tc.text, f, err)
			}
			if _, ok := errors.AsType[*filter.Error](err); !ok {
				t.Errorf("%T", err)
			}
		})
	}
	_, err := filter.Parse(`regoin:x`)
	if e, ok := errors.AsType[*filter.Error](err); !ok || e.Unknown != "regoin" || len(e.Known) != len(filter.Fields) {
		t.Errorf("%+v", e)
	}
}

// What is not known holds neither way: no comparison selects it, negated or not.
func TestUnknown(t *testing.T) {
	nothing := tracker.Resource{ID: "x", Type: "T", Metadata: tracker.Metadata{"size": nil, "list": []string{}}}
	for query, want := range map[string]bool{
		"cost>5": false, "-cost>5": false, "cost<=5": false, "-(cost>5 type:T)": false, "-(cost>5 type:U)": true, "cost>5 or type:T": true,
		"cost:unknown": true, "-cost:unknown": false, "-cost:known": true,
		"age>1d": false, "-age>1d": false, "created<2026-01-01": false, "-created<2026-01-01": false, "created:unknown": true,
		"meta.size>5": false, "-meta.size>5": false, "meta.none<5": false, "-meta.none<5": false, "meta.size!": true, "meta.list!": true, "meta.size": false,
		"meta.size:5": false, "-meta.size:5": true, "tag:env=prod": false, "-tag:env=prod": true, "tag:env!": true, "-tag:env": true,
		"name!": true, "name~x": false, "service:ec2": false, "-service:ec2": true, "region!": true,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			t.Fatal(query, err)
		}
		if got := f.Match(&nothing); got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
}

// A worker sees metadata as scanners made it, a listing as JSON brings it back.
func TestMetadataBeforeAndAfterJSON(t *testing.T) {
	type state string
	n, b := int32(7), true
	made := tracker.Resource{Metadata: tracker.Metadata{
		"int": 100, "int32": int32(-3), "int64": int64(1) << 40, "float": 0.5, "pointer": &n, "bool": b, "bool_pointer": &b, "nil": (*int32)(nil),
		"state": state("on"), "time": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "text_number": "0.05",
		"strings": []string{"a", "b"}, "numbers": []int32{1, 9}, "nested": map[string]any{"a.b": "x"}, "map": map[string]string{"k": "v"},
		"listeners": []map[string]any{{"port": 80}, {"port": 443, "protocol": "HTTPS"}},
	}}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var read tracker.Resource
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]bool{
		"meta.int:100": true, "meta.int=100.0": true, "meta.int:1*": true, "meta.int>99.5": true, "meta.int32<0": true, "meta.int64>=1099511627776": true,
		"meta.float:0.5": true, "meta.pointer:7": true, "meta.pointer<7": false, "meta.bool:true": true, "meta.bool_pointer:true": true, "meta.nil": false,
		"meta.nil!": true, "meta.state:on": true, "meta.time:2026-01-01T00:00:00Z": true, "meta.text_number<0.06": true, "meta.strings:b": true,
		"meta.strings:c": false, "meta.strings~B": true, "meta.numbers>8": true, `meta.nested."a.b":x`: true, "meta.nested.a.b:x": false, "meta.nested": true,
		"meta.map.k:v": true, "meta.map:v": false, "meta.listeners.port:443": true, "meta.listeners.port>443": false, "meta.listeners.protocol:HTTPS": true,
		"meta.listeners.none!": true, "meta.listeners.protocol!": false, "meta.int.deeper": false,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			t.Fatal(query, err)
		}
		if a, b := f.Match(&made), f.Match(&read); a != want || b != want {
			t.Errorf("%s: %t as made, %t as read, want %t", query, a, b, want)
		}
	}
}

func TestAgesAreCountedAtOneTime(t *testing.T) {
	created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := tracker.Resource{Created: &created}
	f, err := filter.Parse("age>30d")
	if err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]bool{29: false, 30: false, 31: true} {
		if got := f.At(created.AddDate(0, 0, days)).Match(&r); got != want {
			t.Errorf("%d days: %t", days, got)
		}
	}
	if !f.Match(&r) {
		t.Error("without a time it is counted now")
	}
	if got := filter.All(filter.Where(filter.FieldState), f.At(created)).Match(&r); got {
		t.Error("All loses the time")
	}
}

// Amounts are written as tracker writes money.
func TestAmountsAreWrittenAsMoney(t *testing.T) {
	for _, nanos := range []int64{0, 1, 10, 999_999_999, 1_000_000_000, 123_456_789_123_456, 999_999_999_999_999, 1_000_000_000_000_000, 70_000_000, 100_500_000_000} {
		m := tracker.Money(nanos)
		f, err := filter.Parse("cost>" + m.String())
		if err != nil || f.String() != "cost>"+m.String() {
			t.Errorf("%s is written %s, %v", m, f, err)
		}
		for _, at := range []tracker.Money{m - 1, m, m + 1} {
			if got := f.Match(&tracker.Resource{MonthlyCost: &at}); got != (at > m) {
				t.Errorf("%s of %d: %t", f, at, got)
			}
		}
	}
}

func TestAll(t *testing.T) {
	for want, f := range map[string]filter.Filter{
		"":       filter.All(filter.Filter{}, filter.Where(filter.FieldType, "")),
		"type:a": filter.All(filter.Where(filter.FieldType, "a"), filter.Filter{}),
		`type:a,b state:c tag:env="" tag:k=v`: filter.All(
			filter.Where(filter.FieldType, "b", "a"),
			filter.All(filter.Where(filter.FieldState, "c"), filter.WhereTag("env", "")), filter.WhereTag("k", "v")),
	} {
		if diff := cmp.Diff(want, f.String()); diff != "" {
			t.Error(diff)
		}
	}
}

// Possible may only say no when Match does for every resource of the group.
func TestPossible(t *testing.T) {
	holds := func(region, state string) func(filter.Condition) bool {
		return func(c filter.Condition) bool {
			switch c.Field {
			case filter.FieldRegion:
				return c.Meets(region)
			case filter.FieldState:
				return c.Meets(state)
			}
			return true
		}
	}
	for query, want := range map[string]bool{
		"": true, "region:a": true, "region:b": false, "region:b,a": true, "region:b or state:on": true, "region:b state:on": false, "region:b or state:off": false,
		"-region:a": true, "-region:b": true, "-(region:b state:off)": true, "region:a (state:off or tag:x)": true, "region:b (state:off or tag:x)": false,
		"-(-region:b or -state:on)": false, "-(-region:a or -state:on)": true, "region~A": true, "region:b*": false, "region!": false,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			t.Fatal(query, err)
		}
		if got := f.Possible(holds("a", "on")); got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`type:EBS_Volume -tag:env=prod cost>5 age>30d (state:available or state:error) name~web tag:owner! meta.size_gb>=100`,
		`{"and":[{"type":["EBS_Volume"]},{"not":{"tag":{"key":"env","equals":"prod"}}},{"cost":{"min":5}},{"age":{"over":"30d"}}]}`,
		`id:a*,b "`, `meta."a\"b".c!=x,"y z"*`, `created>=2026-01-01T00:00:00.000000001+14:00 not(service:ec2)`, `cost:unknown or cost<123456.123456789`,
	} {
		f.Add(seed)
	}
	r := tracker.Resource{ID: "a", Name: tracker.Named("web"), Metadata: tracker.Metadata{"a": []any{map[string]any{"c": 1.5}}}, Tags: map[string]string{"env": "prod"}}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		f, err := filter.Parse(text)
		if err != nil {
			return
		}
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for _, form := range []string{f.String(), string(b)} {
			g, err := filter.Parse(form)
			if err != nil {
				t.Fatalf("%q is written %s, which is no filter: %v", text, form, err)
			}
			again, _ := json.Marshal(g)
			if g.String() != f.String() || string(again) != string(b) {
				t.Fatalf("%q is written %s and read as %s", text, form, g)
			}
			if f.At(at).Match(&r) != g.At(at).Match(&r) {
				t.Fatalf("%q and %s select differently", text, form)
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	cost, created := tracker.Dollars(12.5), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	r := tracker.Resource{
		ID: "vol-0123456789abcdef0", Name: tracker.Named("web-1"), Type: "EBS_Volume", AccountID: "111122223333", Region: "eu-west-1",
		ARN: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0", State: "available", Created: &created, MonthlyCost: &cost,
		Tags: map[string]string{"env": "dev", "team": "shop"}, Metadata: tracker.Metadata{"size_gb": int32(100), "volume_type": "gp3"},
	}
	for _, query := range []string{
		`type:EBS_Volume region:eu-west-1 state:available tag:env=dev`,
		`type:EBS_Volume -tag:env=prod cost>5 age>30d (state:available or state:error) name~web tag:owner! meta.size_gb>=100`,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			b.Fatal(err)
		}
		f = f.At(created.AddDate(1, 0, 0))
		b.Run(fmt.Sprintf("%dconditions", len(f.Conditions())), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !f.Match(&r) {
					b.Fatal("not selected")
				}
			}
		})
	}
}

// MayHold says no only when Match does whatever the other fields are, and knows of
// what is negated.
func TestMayHold(t *testing.T) {
	for query, want := range map[string]bool{
		"":                                    true,
		"type:EC2_Instance":                   true,
		"type:S3_Bucket":                      false,
		"type!=EC2_Instance":                  false,
		"type!=S3_Bucket":                     true,
		"not (type:EC2_Instance)":             false,
		"not (type:S3_Bucket)":                true,
		"region:a":                            true,
		"not (region:a)":                      true,
		"type:S3_Bucket or region:a":          true,
		"type:S3_Bucket region:a":             false,
		"type:EC2_Instance region:a":          true,
		"not (type:EC2_Instance or region:a)": false,
		"not (type:EC2_Instance region:a)":    true,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			t.Fatal(query, err)
		}
		if got := f.MayHold(filter.FieldType, "EC2_Instance"); got != want {
			t.Errorf("%q may hold an instance: %v", query, got)
		}
	}
}

// FuzzJSON reads filters as clients send them: what is read is written so that it is read
// as the same.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`"type:EC2_Instance"`, `{"and":[]}`, `{"or":[{"type":["A"]},{"not":{"state":["x"]}}]}`, `{"tag":{"key":"a"}}`, `{"cost":{"min":1e308,"max":-1}}`, `{"age":{"over":"99999999999d"}}`, `null`, `[]`, `{"and":[{"and":[{"and":[]}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, b filter.Filter
		if json.Unmarshal(text, &a) != nil {
			return
		}
		written, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := json.Unmarshal(written, &b); err != nil || a.String() != b.String() {
			t.Errorf("%s is written %s, which is read as %s, %v", text, written, b, err)
		}
	})
}
