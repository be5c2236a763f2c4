using System.ComponentModel.DataAnnotations;

namespace Wuts.Server;

/// <summary>What every operator sets. Section <c>Wuts</c>; as environment variables <c>WUTS__ROLE</c> and so on.</summary>
public sealed class ServerOptions
{
    public const string Section = "Wuts";

    /// <summary>
    /// What this process is. <c>all</c>: silo, HTTP API and storage in one; <c>silo</c> and <c>gateway</c>: parts of a cluster on
    /// PostgreSQL; <c>simulator</c>: the simulated network for such a cluster. Default: <c>all</c>.
    /// </summary>
    [RegularExpression("all|silo|gateway|simulator", ErrorMessage = "Wuts:Role must be 'all', 'silo', 'gateway' or 'simulator'.")]
    public string Role { get; set; } = Roles.Role.All;

    /// <summary>
    /// Where this process listens for HTTP; several are separated by semicolons. A silo answers there only for its health, metrics and
    /// dashboard. Default: <c>http://127.0.0.1:8080</c>.
    /// </summary>
    [Required(ErrorMessage = "Wuts:Urls must be an address such as http://127.0.0.1:8080.")]
    public string Urls { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The token of the platform's operator, at least 16 characters. A silo or gateway must be given it. Default: made at the first
    /// start, printed once, and kept as a digest.
    /// </summary>
    [MinLength(16, ErrorMessage = "Wuts:MasterToken must have at least 16 characters; leave it out to have one made.")]
    public string? MasterToken { get; set; }

    /// <summary>
    /// What encrypts the secrets that are kept in the database, at least 32 characters, the same for every process; a silo or gateway
    /// must be given it. Without it the key ring is in the data folder. What is lost with it has to be set again: webhook secrets.
    /// </summary>
    [MinLength(32, ErrorMessage = "Wuts:EncryptionKey must have at least 32 characters; `openssl rand -base64 32` makes one.")]
    public string? EncryptionKey { get; set; }

    /// <summary>
    /// The folder of everything that this process keeps on disk. One process at a time uses it. Silos keep nothing there. Default: <c>data</c>.
    /// </summary>
    [Required(ErrorMessage = "Wuts:DataPath must be a folder.")]
    public string DataPath { get; set; } = "data";

    /// <summary>The database.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>
    /// Makes a demo tenant at start, with a simulated phone and a webhook to the simulator's sink, and prints how to use it. Needs
    /// the simulator, here or as a process of its own. Default: false.
    /// </summary>
    public bool Demo { get; set; }

    /// <summary>
    /// How long a process that was told to stop still serves while <c>/health/ready</c> says no, so that load balancers turn away
    /// first, 0 to 5 minutes. Default: 5 seconds for a gateway, none for the others.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true,
        ErrorMessage = "Wuts:ShutdownDelay must be between 00:00:00 and 00:05:00.")]
    public TimeSpan? ShutdownDelay { get; set; }

    internal TimeSpan EffectiveShutdownDelay => ShutdownDelay ?? (Role == Roles.Role.Gateway ? TimeSpan.FromSeconds(5) : TimeSpan.Zero);
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

    /// <summary>
    /// Whether a start brings the database up to date, under a lock, so that any number of processes may start at once. Without it a
    /// process refuses to start on another schema than its own: run <c>wuts migrate</c> first. Default: true.
    /// </summary>
    public bool Migrate { get; set; } = true;
}
