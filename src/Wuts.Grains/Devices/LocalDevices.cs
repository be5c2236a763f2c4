using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Grains.Devices;

/// <summary>The devices that are active in this process.</summary>
internal sealed class LocalDevices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceKey, int> _activations = [];
    private TaskCompletionSource? _empty;

    /// <summary>Whether this silo is about to stop: nothing more is begun in it.</summary>
    public bool IsDraining { get; private set; }

    public ImmutableArray<DeviceKey> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _activations.Keys];
            }
        }
    }

    public void BeginDraining() => IsDraining = true;

    public void Add(DeviceKey device)
    {
        lock (_gate)
        {
            _activations[device] = _activations.GetValueOrDefault(device) + 1; // a new one may begin before the old one has ended
        }
    }

    public void Remove(DeviceKey device)
    {
        lock (_gate)
        {
            if (_activations.Remove(device, out var active) && active > 1)
            {
                _activations[device] = active - 1;
            }

            if (_activations.Count == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>Completes when none is active any more.</summary>
    public Task WhenEmpty(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_activations.Count == 0)
            {
                _empty.SetResult();
            }

            return _empty.Task.WaitAsync(cancellationToken);
        }
    }
}
