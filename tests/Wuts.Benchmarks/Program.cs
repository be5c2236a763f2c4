using Wuts.Benchmarks;
using Wuts.Benchmarks.Databases;
using Wuts.Benchmarks.Fairness;
using Wuts.Benchmarks.Load;
using Wuts.Benchmarks.Measuring;
using Wuts.Benchmarks.Storing;
using Wuts.Benchmarks.Virtual;
using Wuts.Testing;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchmarkOptions.Help);
    return 2;
}

if (options.Pace || options.WarmUp)
{
    return VirtualTables.Write(options);
}

if (options.Silos > 0 && Machine.Engine != "orleans")
{
    Console.Error.WriteLine("--silos needs the engine orleans: the other one is one process by design.");
    return 2;
}

Report.Write(Machine.Describe(args));
var lost = 0;
if (options.Sqlite)
{
    lost += await MeasureAsync(folder => Task.FromResult<BenchmarkDatabase>(new SqliteFiles(folder)));
}

if (options.PostgreSql && PostgreSqlServer.UnavailableBecause is { } reason)
{
    Console.WriteLine($"\nPostgreSQL: skipped. {reason}");
}
else if (options.PostgreSql)
{
    lost += await MeasureAsync(async _ => await PostgreSqlDatabases.StartAsync());
}

return lost == 0 ? 0 : 1;

async Task<int> MeasureAsync(Func<string, Task<BenchmarkDatabase>> open)
{
    var folder = Directory.CreateTempSubdirectory("wuts-bench-").FullName;
    try
    {
        await using var database = await open(folder);
        if (options.Lanes > 0)
        {
            await MeasureLanesAsync(database, folder);
            return 0;
        }

        if (options.Fairness)
        {
            return await new FairnessRun(database, options).RunAsync(folder);
        }

        var load = options.Silos > 0 ? await LoadClusterAsync(database, folder) : await LoadAsync(database, folder);
        foreach (var message in load.Incomplete.Take(10))
        {
            Console.Error.WriteLine($"Message {message} was accepted, and not all of its webhooks came.");
        }

        return load.Incomplete.Length;
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

// With no typing the network's answers set the campaign's pace; with typing the campaign holds the device nearly all of the time.
async Task MeasureLanesAsync(BenchmarkDatabase database, string folder)
{
    foreach (var typingSeconds in new[] { 0, 3 })
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var installation = await Installation.StartAsync(database, folder, devices: 2, sink.Url);
        Report.Write($"{database.Description}, the campaign typing {typingSeconds} s a message", await new LaneRun(installation, options.Lanes, typingSeconds).RunAsync());
    }
}

async Task<LoadFigures> LoadAsync(BenchmarkDatabase database, string folder)
{
    LoadFigures load;
    await using (var sink = await WebhookSink.StartAsync())
    await using (var installation = await Installation.StartAsync(database, folder, options.Devices, sink.Url))
    {
        var run = new LoadRun(database, installation, sink, options.Clients);
        await run.RunAsync(options.Warmup, options.Limit);
        load = await run.RunAsync(options.Messages, options.Limit);
    }

    Report.Write(database.Description, load, await new StoringRun(database, options).RunAsync());
    return load;
}

async Task<LoadFigures> LoadClusterAsync(BenchmarkDatabase database, string folder)
{
    await using var sink = await WebhookSink.StartAsync();
    var cluster = await ClusterProcesses.StartAsync(await database.CreateAsync(), folder, options.Silos);
    await using var installation = await Installation.StartAsync(cluster, options.Devices, sink.Url);
    var run = new LoadRun(database, installation, sink, options.Clients);
    await run.RunAsync(options.Warmup, options.Limit);
    var before = cluster.ProcessorTimes();
    var load = await run.RunAsync(options.Messages, options.Limit);
    var used = cluster.ProcessorTimes().ToDictionary(role => role.Key, role => role.Value - before[role.Key]);
    Report.Write($"{database.Description}, {options.Silos} silo(s), 1 gateway, the network apart", load, used);
    return load;
}
