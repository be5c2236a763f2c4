using System.ComponentModel.DataAnnotations;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator;

/// <summary>Configuration section <c>Wuts:Simulator</c>.</summary>
public sealed class SimulatorOptions : IValidatableObject
{
    public const string Section = "Wuts:Simulator";

    /// <summary>Whether this process carries the simulated network. Default <c>true</c>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The folder of the network's log, which is also its memory: one process at a time. Delete it to begin with an empty network.
    /// Default <c>data/simulator</c>.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "data/simulator";

    /// <summary>Whether a number that was never created is a phone, online and reading, as soon as somebody writes to it. Default <c>true</c>.</summary>
    public bool AutoCreateRecipients { get; set; } = true;

    /// <summary>How slow and unreliable the network is until it is told otherwise. Units and defaults are with each value.</summary>
    [Required]
    public NetworkFaults Faults { get; set; } = new();

    /// <summary>When the network bans and restricts numbers, until it is told otherwise. All off by default; units and defaults are with each value.</summary>
    [Required]
    public NetworkRules Rules { get; set; } = new();

    /// <summary>
    /// For silos and gateways: the address of the process in which the network runs, such as <c>http://simulator:8080</c>.
    /// Default: none.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// The secret, at least 16 characters, that a network in a process of its own shares with silos and gateways. Needed in all
    /// three. Default: none.
    /// </summary>
    [MinLength(16, ErrorMessage = $"{Section}:{nameof(Token)} must have at least 16 characters.")]
    public string? Token { get; set; }

    /// <summary>
    /// For a network in a process of its own: the addresses of the gateways to which it brings events, separated by semicolons.
    /// Default: none.
    /// </summary>
    public string Events { get; set; } = "";

    /// <summary><see cref="Url"/> as paths are put to it.</summary>
    internal Uri Address => Slashed(Url!);

    /// <summary><see cref="Events"/> one by one.</summary>
    internal IEnumerable<Uri> Gateways => Split(Events).Select(Slashed);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Faults.Validate().Select(e => new ValidationResult($"{Section}:Faults {e.Field} {e.Message}, not {e.Value}.", [nameof(Faults)])),
        .. Rules.Validate().Select(e => new ValidationResult($"{Section}:Rules {e.Field} {e.Message}, not {e.Value}.", [nameof(Rules)])),
    ];

    /// <summary>What is wrong for the process that the network has for itself.</summary>
    internal IEnumerable<string> CheckNetwork() =>
    [
        .. CheckToken("the network runs in a process of its own"),
        .. Split(Events).Length == 0 ? [$"{Section}:{nameof(Events)} must name the gateways, such as http://gateway-1:8080;http://gateway-2:8080."] : Array.Empty<string>(),
        .. Split(Events).Where(e => !IsHttp(e)).Select(e => $"{Section}:{nameof(Events)} holds '{e}'; each must be like http://gateway-1:8080."),
    ];

    /// <summary>What is wrong for a process that reaches the network at <see cref="Url"/>.</summary>
    internal IEnumerable<string> CheckRemote() =>
    [
        .. CheckToken($"{Section}:{nameof(Url)} is set"),
        .. IsHttp(Url!) ? Array.Empty<string>() : [$"{Section}:{nameof(Url)} is '{Url}'; it must be like http://simulator:8080."],
    ];

    private string[] CheckToken(string because) =>
        string.IsNullOrWhiteSpace(Token) ? [$"{Section}:{nameof(Token)} is needed, because {because}: the same secret there, on silos and on gateways."] : [];

    private static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsHttp(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static Uri Slashed(string address) => new(address.TrimEnd('/') + "/");
}
