using Wuts.Storage.Writing;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Storage;

/// <summary>One silo's way to the database for everything but flushes.</summary>
internal class SimulatedConnection(Database database, BatchWriter writer) : MemoryConnection(database.Tables, writer)
{
    public override Task<T> ReadAsync<T>(Func<MemoryTables, T> read, CancellationToken cancellationToken) =>
        database.Ask(() => database.Tables.Read(read));

    public override Task<T> WriteAsync<T>(Func<MemoryTables, T> write, CancellationToken cancellationToken) =>
        database.Ask(() => database.Write(write));
}
