using Wuts.Testing;

namespace Wuts.EndToEnd.Tests;

/// <summary>A test that needs PostgreSQL, skipped with the reason where there is none.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.UnavailableBecause;
}
