/** A cluster on one host. */
export interface SlurmCluster {
  /** Folder of everything, absolute. */
  folder: string;
  /** `hostname -s`. */
  host: string;
  controllerPort: number;
  /** One port per node; the nodes are `n1`, `n2`, … */
  nodePorts: readonly number[];
  cpusPerNode: number;
  /** The lines `PartitionName=…`. */
  partitions: readonly string[];
  /** Seconds that a finished job stays in the queue's answers. */
  minJobAgeSeconds: number;
}

/** Urgent work takes the nodes of the other partition, whose jobs are queued again. */
export const preemptionPartitions: readonly string[] = [
  'PartitionName=demand Nodes=ALL PriorityTier=100 PreemptMode=OFF MaxTime=01:00:00 State=UP',
  'PartitionName=preemptable Nodes=ALL PriorityTier=1 PreemptMode=REQUEUE MaxTime=24:00:00 ' +
    'GraceTime=0 State=UP Default=YES',
];

/** The whole of slurm.conf: no cgroups, no database, several nodes on one host, fast scheduling. */
export function slurmConf(cluster: SlurmCluster): string {
  const { folder, host, controllerPort, nodePorts, cpusPerNode, partitions } = cluster;
  const { minJobAgeSeconds } = cluster;
  const nodes = nodePorts.map(
    (port, index) =>
      `NodeName=n${index + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} ` +
      `CPUs=${cpusPerNode} Boards=1 Sockets=1 CoresPerSocket=${cpusPerNode} ThreadsPerCore=1 ` +
      `RealMemory=4000 Feature=${index % 2 === 0 ? 'odd' : 'even'} State=UNKNOWN`,
  );
  return [
    'ClusterName=toy',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${controllerPort}`,
    'SlurmUser=root',
    'AuthType=auth/munge',
    // With the default of 120 s a requeued job would wait for two minutes.
    `AuthInfo=socket=${folder}/munge/munge.socket,cred_expire=5`,
    'CredType=cred/munge',
    'SlurmctldParameters=preempt_send_user_signal',
    // slurmd would not take more CPUs than the machine has.
    'SlurmdParameters=config_overrides',
    `StateSaveLocation=${folder}/state`,
    `SlurmctldPidFile=${folder}/run/slurmctld.pid`,
    `SlurmctldLogFile=${folder}/log/slurmctld.log`,
    `SlurmdPidFile=${folder}/run/slurmd-%n.pid`,
    `SlurmdLogFile=${folder}/log/slurmd-%n.log`,
    `SlurmdSpoolDir=${folder}/spool/%n`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'JobAcctGatherType=jobacct_gather/none',
    'MpiDefault=none',
    'SwitchType=switch/none',
    'ReturnToService=2',
    'SlurmctldTimeout=60',
    'SlurmdTimeout=120',
    'InactiveLimit=0',
    'KillWait=2',
    `MinJobAge=${minJobAgeSeconds}`,
    'SchedulerType=sched/backfill',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'PriorityType=priority/basic',
    'SchedulerParameters=bf_interval=1,sched_interval=1,sched_min_interval=20000,' +
      'batch_sched_delay=0,bf_continue,preempt_youngest_first,preempt_reorder_count=2',
    'PreemptType=preempt/partition_prio',
    'PreemptMode=REQUEUE',
    'JobRequeue=1',
    'JobCompType=jobcomp/filetxt',
    `JobCompLoc=${folder}/log/jobcomp.log`,
    'AccountingStorageType=accounting_storage/none',
    ...nodes,
    ...partitions,
    '',
  ].join('\n');
}
