// A server of HashiCorp's raft, for its log lines: nothing is replicated but what it
// needs itself and an entry a second from the leader.
//
//	server -id n1 -addr 10.77.0.1:7000 -cluster n1=10.77.0.1:7000,n2=… -data FOLDER [-json]
package main

import (
	"flag"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb"
)

// nothing is a state machine that forgets everything.
type nothing struct{}

func (nothing) Apply(*raft.Log) interface{}          { return nil }
func (nothing) Snapshot() (raft.FSMSnapshot, error)  { return nothing{}, nil }
func (nothing) Restore(snapshot io.ReadCloser) error { return snapshot.Close() }
func (nothing) Persist(sink raft.SnapshotSink) error { return sink.Close() }
func (nothing) Release()                             {}

// parse reads "n1=10.77.0.1:7000,n2=10.77.0.2:7000".
func parse(cluster string) (servers []raft.Server) {
	for _, server := range strings.Split(cluster, ",") {
		parts := strings.SplitN(server, "=", 2)
		servers = append(servers, raft.Server{
			Suffrage: raft.Voter, ID: raft.ServerID(parts[0]), Address: raft.ServerAddress(parts[1]),
		})
	}
	return servers
}

func main() {
	id := flag.String("id", "", "name of this server")
	address := flag.String("addr", "", "its address")
	cluster := flag.String("cluster", "", "all servers: name=address,…")
	data := flag.String("data", "", "folder for its log and vote")
	json := flag.Bool("json", false, "log as JSON")
	flag.Parse()

	logger := func(name string) hclog.Logger {
		return hclog.New(&hclog.LoggerOptions{
			Name: name, Level: hclog.Debug, Output: os.Stderr, JSONFormat: *json,
		})
	}
	config := raft.DefaultConfig()
	config.LocalID = raft.ServerID(*id)
	config.Logger = logger("raft")
	check(os.MkdirAll(*data, 0o755))
	store, err := raftboltdb.NewBoltStore(filepath.Join(*data, "raft.db"))
	check(err)
	transport, err := raft.NewTCPTransportWithLogger(*address, nil, 3, 2*time.Second, logger("raft-net"))
	check(err)
	snapshots := raft.NewInmemSnapshotStore()

	// Each server founds the cluster when it is started for the first time.
	known, err := raft.HasExistingState(store, store, snapshots)
	check(err)
	if !known {
		check(raft.BootstrapCluster(config, store, store, snapshots, transport,
			raft.Configuration{Servers: parse(*cluster)}))
	}
	server, err := raft.NewRaft(config, nothing{}, store, store, snapshots, transport)
	check(err)
	for range time.Tick(time.Second) {
		server.Apply([]byte("entry"), time.Second) // refused unless it leads
		if _, err := os.Stat(filepath.Join(*data, "transfer")); err == nil {
			check(os.Remove(filepath.Join(*data, "transfer")))
			server.LeadershipTransfer()
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
