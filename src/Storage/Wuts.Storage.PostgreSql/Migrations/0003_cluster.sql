-- What the ADO.NET providers of Orleans 10.3 (invariant Npgsql) need to form a cluster. They know no table but OrleansQuery: at start
-- they read their statements from it, by key. A statement names the provider's parameters (@Name) and gives its columns the names that
-- the provider reads, whatever their case. Times are sent as timestamptz. None of this is read by Wuts itself.

CREATE TABLE orleansquery (
    querykey text COLLATE "C" PRIMARY KEY,
    querytext text NOT NULL
);

-- Microsoft.Orleans.Clustering.AdoNet: which silos there are. A DeploymentId is a cluster id.

-- The version moves with every row added or changed, one writer at a time: it is the ETag of them all.
CREATE TABLE orleans_clusters (
    deployment_id text COLLATE "C" PRIMARY KEY,
    version int NOT NULL
);

CREATE TABLE orleans_silos (
    deployment_id text COLLATE "C" NOT NULL REFERENCES orleans_clusters (deployment_id) ON DELETE CASCADE,
    address text COLLATE "C" NOT NULL,
    port int NOT NULL,
    generation int NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status int NOT NULL, -- SiloStatus: 3 is active, 6 is dead
    proxy_port int NOT NULL, -- of its gateway; 0 without one
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

-- True if the version was the expected one and the silo was new: then both rows are written, else none.
CREATE FUNCTION orleans_insert_silo(
    _deployment_id text, _version int, _address text, _port int, _generation int, _silo_name text, _host_name text,
    _status int, _proxy_port int, _start_time timestamptz, _i_am_alive_time timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever comes second waits here, and finds the version moved on.
    PERFORM FROM orleans_clusters WHERE deployment_id = _deployment_id AND version = _version FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    INSERT INTO orleans_silos (
        deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    VALUES (
        _deployment_id, _address, _port, _generation, _silo_name, _host_name, _status, _proxy_port, _start_time, _i_am_alive_time)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    UPDATE orleans_clusters SET version = version + 1 WHERE deployment_id = _deployment_id;
    RETURN true;
END
$$;

-- True if the version was the expected one and the silo was known: then both rows are written, else none.
CREATE FUNCTION orleans_update_silo(
    _deployment_id text, _version int, _address text, _port int, _generation int,
    _status int, _suspect_times text, _i_am_alive_time timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM orleans_clusters WHERE deployment_id = _deployment_id AND version = _version FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    UPDATE orleans_silos
    SET status = _status, suspect_times = _suspect_times, i_am_alive_time = _i_am_alive_time
    WHERE deployment_id = _deployment_id AND address = _address AND port = _port AND generation = _generation;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    UPDATE orleans_clusters SET version = version + 1 WHERE deployment_id = _deployment_id;
    RETURN true;
END
$$;

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $query$
    WITH inserted AS (
        INSERT INTO orleans_clusters (deployment_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT EXISTS (SELECT FROM inserted)
$query$),
('InsertMembershipKey', $query$
    SELECT orleans_insert_silo(
        @DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime)
$query$),
('UpdateMembershipKey', $query$
    SELECT orleans_update_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime)
$query$),
-- Each silo writes this often, and only its own row: the version stays.
('UpdateIAmAlivetimeKey', $query$
    UPDATE orleans_silos SET i_am_alive_time = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),
-- A cluster without a silo, or without the one asked for, still answers with its version.
('MembershipReadRowKey', $query$
    SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
        s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
        s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
    FROM orleans_clusters c
    LEFT JOIN orleans_silos s
        ON s.deployment_id = c.deployment_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.deployment_id = @DeploymentId
$query$),
('MembershipReadAllKey', $query$
    SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
        s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
        s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
    FROM orleans_clusters c
    LEFT JOIN orleans_silos s ON s.deployment_id = c.deployment_id
    WHERE c.deployment_id = @DeploymentId
$query$),
('DeleteMembershipTableEntriesKey', $query$
    DELETE FROM orleans_clusters WHERE deployment_id = @DeploymentId
$query$),
-- An active silo that looks old is for the others to declare dead.
('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM orleans_silos WHERE deployment_id = @DeploymentId AND i_am_alive_time < @IAmAliveTime AND status <> 3
$query$),
('GatewaysQueryKey', $query$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
    FROM orleans_silos
    WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
$query$);

-- Microsoft.Orleans.Reminders.AdoNet.

CREATE TABLE orleans_reminders (
    service_id text COLLATE "C" NOT NULL,
    grain_id text COLLATE "C" NOT NULL,
    reminder_name text COLLATE "C" NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL, -- ms
    grain_hash int NOT NULL, -- the bits of an unsigned number
    version int NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX orleans_reminders_by_hash ON orleans_reminders (service_id, grain_hash);

INSERT INTO orleansquery (querykey, querytext) VALUES
('UpsertReminderRowKey', $query$
    INSERT INTO orleans_reminders AS r (service_id, grain_id, reminder_name, start_time, period, grain_hash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = r.version + 1
    RETURNING version AS Version
$query$),
('ReadReminderRowKey', $query$
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
$query$),
('ReadReminderRowsKey', $query$
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId
$query$),
-- A range of the ring, from after @BeginHash up to @EndHash.
('ReadRangeRows1Key', $query$
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$query$),
-- A range that passes the largest signed number; the whole ring if its ends are one.
('ReadRangeRows2Key', $query$
    SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$query$),
('DeleteReminderRowKey', $query$
    WITH deleted AS (
        DELETE FROM orleans_reminders
        WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM deleted)
$query$),
('DeleteReminderRowsKey', $query$
    DELETE FROM orleans_reminders WHERE service_id = @ServiceId
$query$);

-- Microsoft.Orleans.Persistence.AdoNet: grain state.

-- The provider takes a grain's key apart: a number goes to n1, a UUID to n0 and n1, text to the extension. So the text "x" and the
-- number 0 with the extension "x" have the same parts: the hash, which is of the whole key, tells them apart and must be compared too.
-- The hash of the type adds nothing to its name and is not kept. A key's texts may have 2,600 bytes together: more than that an index
-- refuses.
CREATE TABLE orleans_storage (
    grain_id_hash int NOT NULL,
    grain_id_n0 bigint NOT NULL,
    grain_id_n1 bigint NOT NULL,
    grain_id_extension text COLLATE "C" NOT NULL, -- empty without one
    grain_type text COLLATE "C" NOT NULL,
    service_id text COLLATE "C" NOT NULL,
    version int NOT NULL,
    payload bytea, -- null once cleared: the version must go on, or an old ETag would be right again
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (grain_id_hash, grain_id_n0, grain_id_n1, grain_id_extension, grain_type, service_id)
);

-- Each of them answers one row. The version that the caller had says that nothing was written.
INSERT INTO orleansquery (querykey, querytext) VALUES
('ReadFromStorageKey', $query$
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_storage
    WHERE grain_id_hash = @GrainIdHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
        AND grain_id_extension = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString AND service_id = @ServiceId
$query$),
('WriteToStorageKey', $query$
    WITH inserted AS (
        INSERT INTO orleans_storage (
            grain_id_hash, grain_id_n0, grain_id_n1, grain_id_extension, grain_type, service_id, version, payload, modified_at)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId, 1,
            @PayloadBinary, now()
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version
    ), updated AS (
        UPDATE orleans_storage
        SET payload = @PayloadBinary, version = version + 1, modified_at = now()
        WHERE grain_id_hash = @GrainIdHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
            AND grain_id_extension = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString
            AND service_id = @ServiceId AND version = @GrainStateVersion
        RETURNING version
    )
    SELECT coalesce((SELECT version FROM inserted), (SELECT version FROM updated), @GrainStateVersion) AS NewGrainStateVersion
$query$),
('ClearStorageKey', $query$
    WITH cleared AS (
        UPDATE orleans_storage
        SET payload = NULL, version = version + 1, modified_at = now()
        WHERE grain_id_hash = @GrainIdHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
            AND grain_id_extension = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString
            AND service_id = @ServiceId AND version = @GrainStateVersion
        RETURNING version
    )
    SELECT coalesce((SELECT version FROM cleared), @GrainStateVersion) AS NewGrainStateVersion
$query$),
-- In place of the above, for storage with DeleteStateOnClear.
('DeleteStorageKey', $query$
    WITH deleted AS (
        DELETE FROM orleans_storage
        WHERE grain_id_hash = @GrainIdHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
            AND grain_id_extension = coalesce(@GrainIdExtensionString, '') AND grain_type = @GrainTypeString
            AND service_id = @ServiceId AND version = @GrainStateVersion
        RETURNING version
    )
    SELECT coalesce((SELECT version + 1 FROM deleted), @GrainStateVersion) AS NewGrainStateVersion
$query$);
