using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Wuts.Cluster.Tests.Contracts;

/// <summary>What a former version wrote, this one reads as the same value. <c>golden.txt</c> keeps those bytes: a line for each value.</summary>
public sealed class GoldenBytesTests
{
    private const string Write = "WUTS_WRITE_CONTRACTS";

    private static readonly string Golden = Path.Combine(
        typeof(GoldenBytesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectRoot").Value!, "Contracts/golden.txt");

    [Fact]
    public void What_a_former_version_wrote_is_read_as_the_same_value()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var golden = ReadGolden();
        var missing = Samples.All.Where(sample => !golden.ContainsKey(sample.Key)).ToArray();
        if (Environment.GetEnvironmentVariable(Write) is "1" or "breaking")
        {
            File.AppendAllLines(Golden, missing.Select(sample => $"{sample.Key} {Convert.ToBase64String(serializer.SerializeToArray(sample.Value))}"));
            golden = ReadGolden();
        }
        else
        {
            Assert.True(
                missing.Length == 0,
                $"golden.txt lacks {string.Join(", ", missing.Select(sample => sample.Key))}: {Write}=1 dotnet test tests/Wuts.Cluster.Tests --filter Contracts");
        }

        Assert.All(golden, line =>
        {
            Assert.True(Samples.All.TryGetValue(line.Key, out var expected), $"{line.Key} was written by a former version: keep its value in Samples.");
            var read = serializer.Deserialize<object>(line.Value);
            Assert.IsType(expected.GetType(), read);
            Assert.Equivalent(expected, read, strict: true);
        });
    }

    private static Dictionary<string, byte[]> ReadGolden() => File.Exists(Golden)
        ? File.ReadLines(Golden).Select(line => line.Split(' ')).ToDictionary(line => line[0], line => Convert.FromBase64String(line[1]))
        : [];
}
