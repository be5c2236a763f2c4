using Wuts.Benchmarks;
using Wuts.Benchmarks.Databases;
using Wuts.Benchmarks.Load;
using Wuts.Benchmarks.Measuring;
using Wuts.Benchmarks.Storing;
using Wuts.Testing;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchmarkOptions.Help);
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
        var load = await LoadAsync(database, folder);
        Report.Write(database.Description, load, await new StoringRun(database, options).RunAsync());
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

async Task<LoadFigures> LoadAsync(BenchmarkDatabase database, string folder)
{
    await using var sink = await WebhookSink.StartAsync();
    await using var installation = await Installation.StartAsync(database, folder, options.Devices, sink.Url);
    var run = new LoadRun(database, installation, sink, options.Clients);
    await run.RunAsync(options.Warmup, options.Limit);
    return await run.RunAsync(options.Messages, options.Limit);
}
