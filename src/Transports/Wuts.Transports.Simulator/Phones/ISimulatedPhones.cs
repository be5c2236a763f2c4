namespace Wuts.Transports.Simulator.Phones;

/// <summary>The phones of the simulated network, wherever it runs, as far as a demonstration needs them.</summary>
public interface ISimulatedPhones
{
    /// <summary>Where the network's control API and its webhook receiver are; <c>null</c> when they are this process' own.</summary>
    Uri? Address { get; }

    /// <summary>Makes sure that a phone exists. Safe to repeat.</summary>
    /// <param name="number">Digits with country code.</param>
    Task CreateAsync(string number, CancellationToken cancellationToken);

    /// <summary>Lets a phone scan a QR code. Returns whether the device is linked by it; it is not when the network refuses.</summary>
    Task<bool> ScanAsync(string number, string qrCode, CancellationToken cancellationToken);
}
