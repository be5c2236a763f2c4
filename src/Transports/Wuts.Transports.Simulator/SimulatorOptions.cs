using System.ComponentModel.DataAnnotations;
using Wuts.Transports.Simulator.Faults;

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Faults.Validate().Select(e => new ValidationResult($"{Section}:Faults {e.Field} {e.Message}, not {e.Value}.", [nameof(Faults)]));
}
