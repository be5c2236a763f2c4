using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;
using Wuts.Testing.Checking;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The disk of the database file is full for a while. The simulated network keeps its log elsewhere, as the real one would.</summary>
[Collection(FaultCollection.Name)]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [SmallDiskFact]
    public async Task A_full_disk_is_told_with_503_and_loses_and_doubles_nothing()
    {
        using var disk = SmallDisk.Mount();
        await using var installation = Installation.OnSqlite(disk.Folder);
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("disk full", async () =>
        {
            disk.Fill();
            await Task.Delay(TimeSpan.FromSeconds(13)); // the fault itself, longer than the front end rides over
            disk.Free();
        });
        await run.LoadAsync(1000, 2000);

        Assert.Contains(run.Requests, r => r.Answer is ClientAnswer.Refused { Code: "503 SERVICE_UNAVAILABLE" });
        await run.JudgeAsync("disk full for 13 s", output);
    }
}
