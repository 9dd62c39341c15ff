package simulator_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/simulator"
)

func Example() {
	account := simulator.New(simulator.Options{Resources: 1_000_000})
	cfg := aws.Config{Region: "us-east-1"}
	account.Install(&cfg)

	client := ec2.NewFromConfig(cfg) // the SDK's own
	out, err := client.DescribeVolumes(context.Background(), &ec2.DescribeVolumesInput{MaxResults: aws.Int32(1000)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(out.Volumes), "of", account.Count("EBS_Volume", "us-east-1"))

	account.Inject(simulator.Fault{Kind: simulator.Denied, Service: "ec2", Region: "us-east-1"})
	_, err = client.DescribeVolumes(context.Background(), &ec2.DescribeVolumesInput{})
	fmt.Println(code(err))
	// Output:
	// 1000 of 132000
	// UnauthorizedOperation
}
