package scanners

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// decoded is what a scanner makes of one answer.
type decoded struct {
	Resources []tracker.Resource
	Next      string
}

func ofInstances(out *ec2.DescribeInstancesOutput) decoded {
	d := decoded{Next: aws.ToString(out.NextToken)}
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			d.Resources = append(d.Resources, instance(target(nil), i))
		}
	}
	return d
}

func ofVolumes(out *ec2.DescribeVolumesOutput) decoded {
	return decoded{collect(out.Volumes, func(v types.Volume) tracker.Resource { return volume(target(nil), v) }), aws.ToString(out.NextToken)}
}

// bothWays reads an answer by the SDK and by our decoder, which is not ok for what
// it leaves to the SDK. Whether an answer is one or the other operation's is in it.
func bothWays(t *testing.T, doc []byte) (sdk, own decoded, ok bool, sdkErr error) {
	t.Helper()
	client := ec2.NewFromConfig(target(answers(func(call) (int, string) { return http.StatusOK, string(doc) })).Config)
	if bytes.Contains(doc, []byte("DescribeVolumesResponse")) {
		if out, err := client.DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{}); err != nil {
			sdkErr = err
		} else {
			sdk = ofVolumes(out)
		}
		if out, is := decodeEC2(doc, "DescribeVolumes", volumesShape); is {
			own, ok = ofVolumes(out), true
		}
		return sdk, own, ok, sdkErr
	}
	if out, err := client.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{}); err != nil {
		sdkErr = err
	} else {
		sdk = ofInstances(out)
	}
	if out, is := decodeEC2(doc, "DescribeInstances", instancesShape); is {
		own, ok = ofInstances(out), true
	}
	return sdk, own, ok, sdkErr
}

// ec2Recordings are the answers that EC2 and stand-ins of it gave.
func ec2Recordings(t testing.TB) map[string][]byte {
	t.Helper()
	docs := map[string][]byte{}
	for _, operation := range []string{"DescribeInstances", "DescribeVolumes"} {
		paths, err := filepath.Glob(filepath.Join("testdata", "*", operation+"*.xml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			if docs[p], err = os.ReadFile(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(docs) < 6 {
		t.Fatalf("only %d recordings", len(docs))
	}
	return docs
}

// TestDecodeEqualsSDK: of a recording, the scanner makes the same by either way, and
// none is left to the SDK.
func TestDecodeEqualsSDK(t *testing.T) {
	for path, doc := range ec2Recordings(t) {
		sdk, own, ok, err := bothWays(t, doc)
		if err != nil || !ok {
			t.Errorf("%s: the SDK says %v; read by our decoder: %v", path, err, ok)
		}
		if diff := gocmp.Diff(sdk, own); diff != "" {
			t.Errorf("%s (-sdk +own):\n%s", path, diff)
		}
	}
}

const instancesHead = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">`

// oneInstance is an answer with one instance, of which inner is all.
func oneInstance(inner string) string {
	return instancesHead + "<reservationSet><item><instancesSet><item>" + inner + "</item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
}

// styles are answers that AWS could give, and which of them are left to the SDK.
var styles = []struct {
	name, doc string
	foreign   bool
}{
	{"empty text and empty element", oneInstance("<instanceId></instanceId><keyName/>"), false},
	{"entities", oneInstance("<tagSet><item><key>a&amp;lt;b</key><value>&lt;&gt;&quot;&apos;&amp;amp;</value></item></tagSet>"), false},
	{"other alphabets", oneInstance("<keyName>\u6771\u4eac \U0001F600</keyName>"), false},
	{"spaces kept", oneInstance("<keyName> a\n\tb </keyName>"), false},
	{"twice", oneInstance("<keyName>a</keyName><keyName>b</keyName><placement><tenancy>host</tenancy></placement><placement><availabilityZone>z</availabilityZone></placement>"), false},
	{"list twice", oneInstance("<tagSet><item><key>a</key></item></tagSet><tagSet><item><key>b</key></item></tagSet>"), false},
	{"not an item in a list", oneInstance("<tagSet><member><key>a</key></member></tagSet>"), false},
	{"text between elements", oneInstance("x<keyName>a</keyName>y"), false},
	{"fields that nobody reads", oneInstance("<new><keyName>not this</keyName><a/><b>c</b></new><keyName>a</keyName>"), false},

	{"no namespace", strings.Replace(oneInstance(""), instancesHead, "<DescribeInstancesResponse>", 1), true},
	{"prefix", oneInstance("<e:keyName xmlns:e='u'>a</e:keyName>"), true},
	{"attribute", oneInstance("<keyName a='b'>c</keyName>"), true},
	{"attribute that ends a tag", oneInstance("<new a='>'><keyName>a</keyName></new>"), true},
	{"comment", oneInstance("<!-- <keyName>a</keyName> --><keyName>b</keyName>"), true},
	{"CDATA", oneInstance("<keyName><![CDATA[<a>]]></keyName>"), true},
	{"processing instruction", oneInstance("<?a b?>"), true},
	{"character by number", oneInstance("<keyName>&#65;</keyName>"), true},
	{"carriage return", oneInstance("<keyName>a\r\nb</keyName>"), true},
	{"another case", oneInstance("<KeyName>a</KeyName>"), true},
	{"time that is none", oneInstance("<launchTime>now</launchTime>"), true},
	{"nested where text is due", oneInstance("<keyName><a/></keyName>"), true},
	{"not nested", oneInstance("<new><a></new></a>"), true},
	{"end of file", instancesHead + "<reservationSet><item>", true},
	{"more behind the end", oneInstance("") + "<x/>", true},
	{"nothing", "", true},
}

// TestDecodeLeavesToSDK: what is not EC2's style is the SDK's, and what is ours has
// the same meaning.
func TestDecodeLeavesToSDK(t *testing.T) {
	for _, row := range styles {
		t.Run(row.name, func(t *testing.T) {
			sdk, own, ok, err := bothWays(t, []byte(row.doc))
			if ok == row.foreign {
				t.Fatalf("read by our decoder: %v", ok)
			}
			if ok && err != nil {
				t.Errorf("the SDK refuses it: %v", err)
			}
			if diff := gocmp.Diff(sdk, own); ok && diff != "" {
				t.Errorf("-sdk +own:\n%s", diff)
			}
			// With our decoder in the client, the scanner sees what the SDK does.
			at := target(answers(func(call) (int, string) { return http.StatusOK, row.doc }))
			var scanned []tracker.Resource
			scanErr := ec2Instance.Scan(t.Context(), at, func(rs ...tracker.Resource) error {
				scanned = append(scanned, rs...)
				return nil
			})
			if (scanErr == nil) != (err == nil) {
				t.Errorf("the scanner says %v, the SDK %v", scanErr, err)
			}
			if diff := gocmp.Diff(sdk.Resources, scanned); err == nil && diff != "" {
				t.Errorf("-sdk +scanner:\n%s", diff)
			}
		})
	}
}

// brokenOff is an AWS whose answers end in the middle.
type brokenOff struct{ doc string }

func (b brokenOff) Do(req *http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(b.doc[:len(b.doc)/2]), failing{io.ErrUnexpectedEOF})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: req, Body: io.NopCloser(body)}, nil
}

func TestDecodeBrokenOff(t *testing.T) {
	at := target(nil)
	at.Config.HTTPClient = brokenOff{oneInstance("<instanceId>i-1</instanceId>")}
	err := ec2Instance.Scan(t.Context(), at, func(rs ...tracker.Resource) error {
		t.Errorf("half an answer gave %d resources", len(rs))
		return nil
	})
	if err == nil {
		t.Error("half an answer is no error")
	}
}

// FuzzDecodeEC2: whatever our decoder reads, the SDK reads alike. It may refuse what
// is wrong in parts that are not kept.
func FuzzDecodeEC2(f *testing.F) {
	for _, doc := range ec2Recordings(f) {
		f.Add(doc)
	}
	for _, row := range styles {
		f.Add([]byte(row.doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		sdk, own, ok, err := bothWays(t, doc)
		if !ok || err != nil {
			return
		}
		if diff := gocmp.Diff(sdk, own); diff != "" {
			t.Errorf("-sdk +own:\n%s", diff)
		}
	})
}
