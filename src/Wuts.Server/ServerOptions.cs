using System.ComponentModel.DataAnnotations;

namespace Wuts.Server;

/// <summary>What every operator sets. Section <c>Wuts</c>; as environment variables <c>WUTS__ROLE</c> and so on.</summary>
public sealed class ServerOptions
{
    public const string Section = "Wuts";

    /// <summary>What this process is. <c>all</c>: silo, HTTP API and storage in one. Default: <c>all</c>.</summary>
    [RegularExpression("all", ErrorMessage = "Wuts:Role must be 'all': this version has no other role.")]
    public string Role { get; set; } = "all";

    /// <summary>Where the HTTP API listens; several are separated by semicolons. Default: <c>http://127.0.0.1:8080</c>.</summary>
    [Required(ErrorMessage = "Wuts:Urls must be an address such as http://127.0.0.1:8080.")]
    public string Urls { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The token of the platform's operator, at least 16 characters. Default: made at the first start, printed once, and kept as
    /// a digest.
    /// </summary>
    [MinLength(16, ErrorMessage = "Wuts:MasterToken must have at least 16 characters; leave it out to have one made.")]
    public string? MasterToken { get; set; }

    /// <summary>The folder of everything that this process keeps on disk. One process at a time uses it. Default: <c>data</c>.</summary>
    [Required(ErrorMessage = "Wuts:DataPath must be a folder.")]
    public string DataPath { get; set; } = "data";

    /// <summary>The database.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>
    /// Makes a demo tenant at start, with a simulated phone and a webhook to this process' own sink, and prints how to use it.
    /// Needs the simulator. Default: false.
    /// </summary>
    public bool Demo { get; set; }
}

/// <summary>Where messages are kept. Section <c>Wuts:Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c>, a file in the data folder, or <c>postgres</c>. Default: <c>sqlite</c>.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>For <c>postgres</c>, in Npgsql's form. For <c>sqlite</c> optional: another file than <c>wuts.db</c> in the data folder.</summary>
    public string? ConnectionString { get; set; }
}
