global using static Wuts.Storage.Tests.Fixtures.Samples;
