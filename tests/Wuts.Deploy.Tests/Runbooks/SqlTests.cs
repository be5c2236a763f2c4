using System.Text.RegularExpressions;

namespace Wuts.Deploy.Tests.Runbooks;

public sealed partial class SqlTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    public static IEnumerable<object[]> Blocks => DeployFolder.Files(".md")
        .SelectMany(file => BlocksOf(file).Select((_, number) => new object[] { file, number }));

    [PsqlTheory, MemberData(nameof(Blocks))]
    public void Each_block_runs_on_the_schema(string file, int number) =>
        Psql.Run(database.ConnectionString, BlocksOf(file)[number], "tenant-1", "device-1", DateTimeOffset.UnixEpoch);

    internal static string[] BlocksOf(string file) => [.. SqlBlock().Matches(DeployFolder.Read(file)).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^ *```sql\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SqlBlock();
}
