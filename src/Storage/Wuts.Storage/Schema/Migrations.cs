using System.Collections.Immutable;
using System.Reflection;

namespace Wuts.Storage.Schema;

/// <summary>The one numbering of schema changes: the n-th name makes version n. Each database has a file for each of them.</summary>
/// <remarks>A released migration never changes: add the next one.</remarks>
internal static class Migrations
{
    private static readonly ImmutableArray<string> Names =
        ["0001_initial", "0002_pairing_time", "0003_cluster", "0004_tracing", "0005_categories", "0006_limits", "0007_consents", "0008_health", "0009_quota_epoch"];

    /// <summary>The schema that this program works with.</summary>
    public static int Current => Names.Length;

    /// <summary>The migrations above a version, in order, from the resources <c>Migrations/{name}.sql</c> of a database's assembly.</summary>
    /// <exception cref="StorageUnavailableException">The database is of a newer version than this program.</exception>
    public static IEnumerable<(int Version, string Sql)> Above(int version, Assembly assembly)
    {
        RefuseNewer(version);
        return Enumerable.Range(version + 1, Current - version).Select(next => (next, Load(assembly, Names[next - 1])));
    }

    /// <exception cref="StorageUnavailableException">The database is not of the version that this program works with.</exception>
    public static void Verify(int version)
    {
        if (version < Current)
        {
            throw new StorageUnavailableException(
                $"The database has schema version {version}; this program needs version {Current}. Run `wuts migrate`, or start with Wuts:Storage:Migrate=true.");
        }

        RefuseNewer(version);
    }

    private static void RefuseNewer(int version)
    {
        if (version > Current)
        {
            throw new StorageUnavailableException(
                $"The database has schema version {version}; this program knows versions up to {Current}. Start a program at least as new as the database.");
        }
    }

    private static string Load(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream($"Migrations/{name}.sql")
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} lacks the migration {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
