using Xunit;

namespace Wuts.Testing;

/// <summary>A test that needs PostgreSQL, skipped with the reason where there is none.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.UnavailableBecause;
}
