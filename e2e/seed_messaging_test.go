package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventbridgetypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/consolesensei/resource-tracker/internal/aws/kafka"
	kafkatypes "github.com/consolesensei/resource-tracker/internal/aws/kafka/types"
	"github.com/consolesensei/resource-tracker/internal/aws/sfn"
	sfntypes "github.com/consolesensei/resource-tracker/internal/aws/sfn/types"
	"github.com/consolesensei/resource-tracker/internal/aws/sns"
	snstypes "github.com/consolesensei/resource-tracker/internal/aws/sns/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// queues makes a queue and a topic.
func (s *seeder) queues() error {
	queue, err := sqs.NewFromConfig(s.cfg).CreateQueue(s.ctx, &sqs.CreateQueueInput{
		QueueName: aws.String("orders"), Tags: labels, Attributes: map[string]string{"VisibilityTimeout": "45", "MessageRetentionPeriod": "86400"},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *queue.QueueUrl, Name: aws.String("orders"), Type: "SQS_Queue", ARN: s.arn("sqs", "orders"), State: "active", Tags: labels,
		Metadata: tracker.Metadata{"visibility_timeout_seconds": 45, "retention_seconds": 86400, "messages": 0, "fifo": false},
	})

	all, tags := tagged("", labels, func(k, v string) snstypes.Tag { return snstypes.Tag{Key: &k, Value: &v} })
	topic, err := sns.NewFromConfig(s.cfg).CreateTopic(s.ctx, &sns.CreateTopicInput{
		Name: aws.String("alerts"), Tags: tags, Attributes: map[string]string{"DisplayName": "Alerts"},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *topic.TopicArn, Name: aws.String("alerts"), Type: "SNS_Topic", ARN: *topic.TopicArn, State: "active", Tags: all,
		Metadata: tracker.Metadata{"display_name": "Alerts", "subscriptions": 0, "fifo": false},
	})
	return nil
}

// streams makes a stream of each service that has them.
func (s *seeder) streams() error {
	client := kinesis.NewFromConfig(s.cfg)
	if _, err := client.CreateStream(s.ctx, &kinesis.CreateStreamInput{StreamName: aws.String("clicks"), ShardCount: aws.Int32(3)}); err != nil {
		return err
	}
	in := &kinesis.AddTagsToStreamInput{StreamName: aws.String("clicks"), Tags: labels} // moto forgets those of CreateStream
	if _, err := client.AddTagsToStream(s.ctx, in); err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "clicks", Name: aws.String("clicks"), Type: "Kinesis_Stream", ARN: s.arn("kinesis", "stream/clicks"), State: "active", Tags: labels,
		Metadata: tracker.Metadata{"mode": "PROVISIONED", "shard_count": 3, "retention_hours": 24},
	})

	all, tags := tagged("", labels, func(k, v string) firehosetypes.Tag { return firehosetypes.Tag{Key: &k, Value: &v} })
	bucket := "arn:aws:s3:::tagged-" + s.region
	delivery, err := firehose.NewFromConfig(s.cfg).CreateDeliveryStream(s.ctx, &firehose.CreateDeliveryStreamInput{
		DeliveryStreamName: aws.String("archive"), DeliveryStreamType: firehosetypes.DeliveryStreamTypeDirectPut, Tags: tags,
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{BucketARN: &bucket, RoleARN: aws.String(functionRole)},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "archive", Name: aws.String("archive"), Type: "Firehose_Stream", ARN: *delivery.DeliveryStreamARN, State: "active", Tags: all,
		Metadata: tracker.Metadata{"type": "DirectPut", "destination_arns": []string{bucket}, "source_arn": nil},
	})

	broker, err := kafka.NewFromConfig(s.cfg).CreateClusterV2(s.ctx, &kafka.CreateClusterV2Input{
		ClusterName: aws.String("log"), Tags: labels,
		Provisioned: &kafkatypes.ProvisionedRequest{
			KafkaVersion: aws.String("3.6.0"), NumberOfBrokerNodes: aws.Int32(3),
			BrokerNodeGroupInfo: &kafkatypes.BrokerNodeGroupInfo{
				InstanceType: aws.String("kafka.m5.large"), ClientSubnets: []string{"subnet-1", "subnet-2", "subnet-3"}, SecurityGroups: []string{"sg-1"},
				StorageInfo: &kafkatypes.StorageInfo{EbsStorageInfo: &kafkatypes.EBSStorageInfo{VolumeSize: aws.Int32(100)}},
			},
		},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *broker.ClusterArn, Name: aws.String("log"), Type: "MSK_Cluster", ARN: *broker.ClusterArn, State: "creating", Tags: labels,
		Metadata: tracker.Metadata{"type": "PROVISIONED", "broker_count": 3, "instance_type": "kafka.m5.large", "storage_gb_per_broker": 100},
	})
	return nil
}

// events makes a bus beside the default one, a rule on each, and a state machine.
func (s *seeder) events() error {
	client := eventbridge.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, func(k, v string) eventbridgetypes.Tag { return eventbridgetypes.Tag{Key: &k, Value: &v} })
	bus, err := client.CreateEventBus(s.ctx, &eventbridge.CreateEventBusInput{Name: aws.String("shop"), Description: aws.String("of the shop"), Tags: tags})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop", Name: aws.String("shop"), Type: "EventBridge_Bus", ARN: *bus.EventBusArn, State: "active", Tags: all, Metadata: tracker.Metadata{"default": false},
	})
	s.add(tracker.Resource{
		ID: "default", Name: aws.String("default"), Type: "EventBridge_Bus", ARN: s.arn("events", "event-bus/default"), State: "active", Tags: map[string]string{},
		Metadata: tracker.Metadata{"default": true},
	})
	tick, err := client.PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("nightly"), ScheduleExpression: aws.String("rate(1 day)"), State: eventbridgetypes.RuleStateDisabled, Tags: tags})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "nightly", Name: aws.String("nightly"), Type: "EventBridge_Rule", ARN: *tick.RuleArn, State: "disabled", Tags: all,
		Metadata: tracker.Metadata{"event_bus": "default", "schedule": "rate(1 day)", "has_pattern": false},
	})
	match, err := client.PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("paid"), EventBusName: aws.String("shop"), EventPattern: aws.String(`{"source":["shop"]}`), Tags: tags})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop/paid", Name: aws.String("paid"), Type: "EventBridge_Rule", ARN: *match.RuleArn, State: "enabled", Tags: all,
		Metadata: tracker.Metadata{"event_bus": "shop", "schedule": nil, "has_pattern": true},
	})

	_, machineTags := tagged("", labels, func(k, v string) sfntypes.Tag { return sfntypes.Tag{Key: &k, Value: &v} })
	machine, err := sfn.NewFromConfig(s.cfg).CreateStateMachine(s.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("checkout"), RoleArn: aws.String(functionRole), Type: sfntypes.StateMachineTypeStandard, Tags: machineTags,
		Definition: aws.String(`{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}`),
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *machine.StateMachineArn, Name: aws.String("checkout"), Type: "Step_Function", ARN: *machine.StateMachineArn, State: "active", Created: machine.CreationDate,
		Tags: all, Metadata: tracker.Metadata{"type": nil}, // moto lists it without
	})
	return nil
}
