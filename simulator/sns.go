package simulator

import (
	"strconv"

	"github.com/consolesensei/resource-tracker/internal/aws/sns"
	"github.com/consolesensei/resource-tracker/internal/aws/sns/types"
)

var snsOperations = operations{
	"GetTopicAttributes": handle(getTopicAttributes),
	"ListTopics":         handle(listTopics),
}

// topicsPage is the size of a page, which no call can change.
const topicsPage = 100

func listTopics(r *request, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
	lo, hi := r.estate.span(topics, r.Region)
	from, ok := r.position(in.NextToken, lo)
	if !ok {
		return nil, r.refuse(400, "InvalidParameter", "Invalid parameter: NextToken")
	}
	list, next := page(from, hi, topicsPage, func(n int) (types.Topic, bool) {
		return types.Topic{TopicArn: new(r.estate.arnOf(topics, n))}, true
	})
	return &sns.ListTopicsOutput{Topics: list, NextToken: r.token(next, hi)}, nil
}

func getTopicAttributes(r *request, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
	k, n, ok := r.estate.findARN(*in.TopicArn)
	if !ok || k != topics || r.estate.regionOf(k, n) != r.Region {
		return nil, r.refuse(404, "NotFound", "Topic does not exist")
	}
	d := r.estate.dice(topics, n, forDetail)
	return &sns.GetTopicAttributesOutput{Attributes: map[string]string{
		"TopicArn":               *in.TopicArn,
		"Owner":                  r.estate.account,
		"SubscriptionsConfirmed": strconv.Itoa(d.below(4)),
		"SubscriptionsPending":   "0",
		"SubscriptionsDeleted":   "0",
	}}, nil
}
