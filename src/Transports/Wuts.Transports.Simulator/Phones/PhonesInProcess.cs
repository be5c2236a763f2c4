namespace Wuts.Transports.Simulator.Phones;

/// <summary>The phones of the network in this process.</summary>
internal sealed class PhonesInProcess(SimulatedNetwork network) : ISimulatedPhones
{
    public Uri? Address => null;

    public Task CreateAsync(string number, CancellationToken cancellationToken) => network.CreatePhoneAsync(number).WaitAsync(cancellationToken);

    public async Task<bool> ScanAsync(string number, string qrCode, CancellationToken cancellationToken) =>
        await network.ScanAsync(number, qrCode).WaitAsync(cancellationToken) is PhoneOutcome.Paired;
}
