using Wuts.Testing;

namespace Wuts.Deploy.Tests.Runbooks;

/// <summary>The operator's <c>psql</c>, told what the runbooks leave to him.</summary>
internal static class Psql
{
    public static string? UnavailableBecause { get; } =
        PostgreSqlServer.UnavailableBecause ?? (Tool.Find("psql") is null ? "psql is not on the path (Debian: postgresql-client)." : null);

    /// <summary>Runs statements in one session; the first that fails ends it.</summary>
    public static void Run(string connectionString, string sql, string tenant, string device, DateTimeOffset failedAt)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, sql);
            var (exitCode, _, errors) = Tool.Run(
                "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"tenant={tenant}", "-v", $"device={device}", "-v", "user=user-1",
                "-v", $"failed_at={failedAt:O}", "-d", Uri(connectionString), "-f", file);
            Assert.True(exitCode == 0, errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Uri(string connectionString)
    {
        var parts = connectionString.Split(';').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return $"postgresql://{parts["Username"]}@{parts["Host"]}:{parts["Port"]}/{parts["Database"]}";
    }
}

/// <summary>A fact that needs a PostgreSQL server and <c>psql</c>.</summary>
public sealed class PsqlFactAttribute : FactAttribute
{
    public PsqlFactAttribute() => Skip = Psql.UnavailableBecause;
}

/// <summary>A theory that needs a PostgreSQL server and <c>psql</c>.</summary>
public sealed class PsqlTheoryAttribute : TheoryAttribute
{
    public PsqlTheoryAttribute() => Skip = Psql.UnavailableBecause;
}
