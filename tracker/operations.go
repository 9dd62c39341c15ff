package tracker

import "time"

// Operations is how the service itself is. What could not be seen is nil: it is not known.
type Operations struct {
	At      time.Time    `json:"at" doc:"When this was asked for"`
	Queues  *QueuesSeen  `json:"queues,omitempty" doc:"Absent where the last look at the queues failed"`
	Open    *OpenWork    `json:"open,omitempty" doc:"What has not ended. Absent where the last look at it failed"`
	Redis   RedisSeen    `json:"redis"`
	Calls   *CallsToAWS  `json:"calls,omitempty" doc:"What workers have told of their calls to AWS. Absent where it cannot be read"`
	Lost    *LostUnits   `json:"lost_units,omitempty" doc:"Parts of scans that were lost, such as with a worker that died, and queued again. Absent where they cannot be read"`
	Workers *WorkersSeen `json:"workers,omitempty" doc:"Absent where the last look at them failed"`
}

// LostUnits are units of work that were queued again.
type LostUnits struct {
	Today    int64 `json:"today" doc:"Since midnight UTC"`
	LastHour int64 `json:"last_hour"`
}

// WorkersSeen are the workers, as a look saw them.
type WorkersSeen struct {
	At      time.Time     `json:"at" doc:"When they were looked at: every ten seconds at most"`
	Servers []QueueServer `json:"servers" doc:"A worker process is here once for each kind of work"`
}

// QueuesSeen are the queues, as a look saw them.
type QueuesSeen struct {
	At     time.Time `json:"at" doc:"When they were looked at: every ten seconds at most"`
	Queues []Queue   `json:"queues"`
}

// Queue is a queue of tasks.
type Queue struct {
	Name           string  `json:"name" doc:"The kind of work, and which of its queues" example:"interactive-0"`
	Lane           Lane    `json:"lane" enum:"interactive,scheduled,actions,webhooks" doc:"The kind of work"`
	Pending        int     `json:"pending" doc:"Tasks that wait for a worker"`
	Active         int     `json:"active" doc:"Tasks that a worker has"`
	Scheduled      int     `json:"scheduled" doc:"Tasks whose time has not come"`
	Retry          int     `json:"retry" doc:"Tasks that are tried again later"`
	Archived       int     `json:"archived" doc:"Tasks that failed too often and are given up"`
	LatencySeconds float64 `json:"latency_seconds" doc:"Age of the oldest task that waits for a worker"`
	Processed      int     `json:"processed_today" doc:"Tasks that ended since midnight UTC, those that failed among them"`
	Failed         int     `json:"failed_today" doc:"Tasks that failed since midnight UTC, each time that they did"`
	Paused         bool    `json:"paused" doc:"No worker takes tasks of it"`
}

// QueueServer is the part of a worker process that takes tasks of one kind of work.
type QueueServer struct {
	Host        string    `json:"host"`
	PID         int       `json:"pid"`
	Lane        Lane      `json:"lane" enum:"interactive,scheduled,actions,webhooks" doc:"The kind of work"`
	StartedAt   time.Time `json:"started_at"`
	Status      string    `json:"status" doc:"active, or stopped while it ends what it has begun" example:"active"`
	Concurrency int       `json:"concurrency" doc:"Tasks at once"`
	Active      int       `json:"active" doc:"Tasks that it has"`
	Queues      []string  `json:"queues" doc:"Those that it takes tasks of"`
}

// OpenWork is what has not ended, and who works on it.
type OpenWork struct {
	At                  time.Time  `json:"at" doc:"When it was looked at: every ten seconds at most"`
	Workers             int        `json:"workers" doc:"Worker processes that are alive"`
	Jobs                []OpenJobs `json:"jobs"`
	Plans               int        `json:"plans" doc:"Plans that have not ended, those that wait for a person among them"`
	ScheduleLagSeconds  float64    `json:"schedule_lag_seconds" doc:"How long the tick of a schedule has been due that is due the longest; 0 without one"`
	HistoryWaitingScans int        `json:"history_waiting_scans" doc:"Ended scans that wait to be taken into the history"`
}

// OpenJobs are the jobs of a lane that have not ended.
type OpenJobs struct {
	Lane          Lane    `json:"lane" enum:"interactive,scheduled"`
	Jobs          int     `json:"jobs"`
	OldestSeconds float64 `json:"oldest_seconds" doc:"Age of the oldest; 0 without one"`
}

// RedisSeen is what Redis tells of itself.
type RedisSeen struct {
	At     *time.Time  `json:"at" doc:"When it was asked: every ten seconds at most; null where its nodes are not known"`
	Kind   string      `json:"kind" enum:"server,cluster,sentinel" doc:"What the server is told that it is"`
	Nodes  []RedisNode `json:"nodes" doc:"Of a cluster all that are known, else the one that is written to"`
	Errors int64       `json:"errors" doc:"Commands and connections of this process of the API that failed since it began"`
}

// RedisNode is one process of Redis. What it does not tell is null: a service that others
// run may refuse any of it.
type RedisNode struct {
	Address             *string        `json:"address" doc:"Null where sentinels name it"`
	Answers             bool           `json:"answers" doc:"It answered when it was asked"`
	Role                *string        `json:"role" doc:"master or replica"`
	Version             *string        `json:"version"`
	UptimeSeconds       *int64         `json:"uptime_seconds"`
	UsedMemory          *int64         `json:"used_memory_bytes"`
	MaxMemory           *int64         `json:"max_memory_bytes" doc:"maxmemory; 0 is no bound: it grows until the machine ends it"`
	MemoryPolicy        *string        `json:"memory_policy" doc:"maxmemory-policy" example:"noeviction"`
	DropsKeys           *bool          `json:"drops_keys" doc:"Its policy lets it drop keys when it is full: tasks and results are lost"`
	EvictedKeys         *int64         `json:"evicted_keys" doc:"Keys that it dropped since it began"`
	ConnectedClients    *int64         `json:"connected_clients"`
	MaxClients          *int64         `json:"max_clients"`
	RejectedConnections *int64         `json:"rejected_connections" doc:"Connections that were one too many, since it began"`
	AppendOnly          *bool          `json:"append_only" doc:"It writes each change to a file"`
	AppendStatus        *string        `json:"append_status" doc:"How the last write to that file ended: ok or err"`
	RewriteStatus       *string        `json:"rewrite_status" doc:"How the last rewrite of that file ended: ok or err"`
	SavedAt             *time.Time     `json:"saved_at" doc:"When its last whole copy was saved, or when it began"`
	SaveStatus          *string        `json:"save_status" doc:"How the last whole copy ended: ok or err. After err a Redis may refuse writes"`
	MasterLink          *string        `json:"master_link" doc:"Of a replica: up or down"`
	ConnectedReplicas   *int64         `json:"connected_replicas" doc:"How many are connected to it"`
	Replicas            []RedisReplica `json:"replicas" doc:"Those of them that it tells more of"`
}

// RedisReplica is a replica, as its master sees it.
type RedisReplica struct {
	Address    string `json:"address"`
	State      string `json:"state" doc:"online when it follows"`
	LagSeconds *int64 `json:"lag_seconds" doc:"Since it was last heard of"`
}

// CallsToAWS are the attempts of calls to AWS of all workers.
type CallsToAWS struct {
	Since       time.Time     `json:"since" doc:"Midnight UTC: from then on today counts"`
	HourSince   time.Time     `json:"hour_since" doc:"From then on last_hour counts: fifty to sixty minutes ago"`
	Services    []CallCounts  `json:"services" doc:"The most called first"`
	Processes   []CallProcess `json:"processes" doc:"Worker processes that tell, the newest first. One that died stays for ten minutes"`
	Limits      []CallLimit   `json:"limits" doc:"How fast one API may be called for an account and a region, as the newest process tells; a more precise one counts"`
	LimitsAgree bool          `json:"limits_agree" doc:"All processes tell the same limits. Else AWS_CALL_LIMITS differs between workers"`
}

// CallCounts are the calls to a service.
type CallCounts struct {
	Service  string    `json:"service" doc:"As in IAM actions, such as ec2"`
	Today    CallCount `json:"today"`
	LastHour CallCount `json:"last_hour"`
}

// CallCount counts attempts of calls.
type CallCount struct {
	Calls         int64   `json:"calls" doc:"Attempts that were sent"`
	Throttled     int64   `json:"throttled" doc:"Of them, those that AWS refused as too many"`
	Failed        int64   `json:"failed" doc:"Of them, those that were refused for another reason or not answered"`
	Unsent        int64   `json:"unsent" doc:"Attempts that were not sent, because the budget was empty for too long: they are tried again later"`
	WaitedSeconds float64 `json:"waited_seconds" doc:"How long all attempts together waited for budgets"`
}

// CallProcess is a process that calls AWS.
type CallProcess struct {
	ID        string    `json:"id"`
	Host      string    `json:"host"`
	PID       int       `json:"pid"`
	Version   string    `json:"version"`
	StartedAt time.Time `json:"started_at"`
	ToldAt    time.Time `json:"told_at" doc:"When it last told of its calls: every ten seconds while it lives"`
}

// CallLimit is how fast APIs of AWS may be called.
type CallLimit struct {
	API       string  `json:"api" doc:"SERVICE:OPERATION; * is any" example:"ec2:*"`
	PerSecond float64 `json:"per_second"`
	Burst     int     `json:"burst" doc:"Calls at once after a pause"`
	Most      float64 `json:"most" doc:"The rate that may be learnt, where AWS documents none; 0 is that per_second stays"`
	Budget    string  `json:"budget,omitempty" doc:"The budget that all that it names share, with others of the same budget; absent where each API has its own"`
}
