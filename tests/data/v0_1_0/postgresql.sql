--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: inputs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.inputs (
    job character varying(32) NOT NULL,
    "position" integer NOT NULL,
    role text NOT NULL,
    sha256 character varying(64) NOT NULL
);


--
-- Name: jobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.jobs (
    number bigint NOT NULL,
    id character varying(32) NOT NULL,
    state character varying(16) NOT NULL,
    settings json NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    step integer NOT NULL,
    steps integer,
    losses json NOT NULL,
    seconds double precision NOT NULL,
    height integer,
    width integer,
    error text,
    attempts integer NOT NULL,
    threads integer,
    client text NOT NULL,
    cancel_asked boolean NOT NULL,
    notes json NOT NULL,
    worker text,
    lease_until timestamp with time zone
);


--
-- Name: jobs_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.jobs_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: jobs_number_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.jobs_number_seq OWNED BY public.jobs.number;


--
-- Name: jobs number; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jobs ALTER COLUMN number SET DEFAULT nextval('public.jobs_number_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0002');


--
-- Data for Name: inputs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.inputs VALUES ('84b0ad4d9ad74408ab81023cb8f12797', 0, 'content', '89b2d89919a1beacb03552a76710a22b93c611d7731bbf2e6503685544e8aab2');
INSERT INTO public.inputs VALUES ('84b0ad4d9ad74408ab81023cb8f12797', 1, 'style', '951cdb9c5961e5d9b658643f845e44e84c899a8f13136353968791dd36ca1e77');
INSERT INTO public.inputs VALUES ('84b0ad4d9ad74408ab81023cb8f12797', 2, 'style 2', '6a1f1f929dbfeb8e548a585e50bf725a5c77b5f28bc1829eb3a2216f2daf705a');
INSERT INTO public.inputs VALUES ('84b0ad4d9ad74408ab81023cb8f12797', 3, 'mask', 'c2825b943ee0832c30919c24ea9b1640a942cb45bc5f2e0ccb13149b37279894');
INSERT INTO public.inputs VALUES ('84b0ad4d9ad74408ab81023cb8f12797', 4, 'mask 2', '682369a662a459d8a81a50d5051ebb67aa7c1db93ca0ac48712ea76de791c3bb');
INSERT INTO public.inputs VALUES ('965075fb774f48c8aa4cac2f73292d0b', 0, 'content', '48c29ea1606501ed6958f6d0f8ec26221ad244e3e971c5ef1640607774d6cdfa');
INSERT INTO public.inputs VALUES ('965075fb774f48c8aa4cac2f73292d0b', 1, 'style', '951cdb9c5961e5d9b658643f845e44e84c899a8f13136353968791dd36ca1e77');
INSERT INTO public.inputs VALUES ('ead62c05bde04be481fb37401b918199', 0, 'content', '89b2d89919a1beacb03552a76710a22b93c611d7731bbf2e6503685544e8aab2');
INSERT INTO public.inputs VALUES ('ead62c05bde04be481fb37401b918199', 1, 'style', '951cdb9c5961e5d9b658643f845e44e84c899a8f13136353968791dd36ca1e77');
INSERT INTO public.inputs VALUES ('ef35c2a6211a486ab4c4b665f57eb0b5', 0, 'content', '89b2d89919a1beacb03552a76710a22b93c611d7731bbf2e6503685544e8aab2');
INSERT INTO public.inputs VALUES ('ef35c2a6211a486ab4c4b665f57eb0b5', 1, 'style', '951cdb9c5961e5d9b658643f845e44e84c899a8f13136353968791dd36ca1e77');
INSERT INTO public.inputs VALUES ('5ed7eef521ef4b678d72bf10c8610a61', 0, 'content', '89b2d89919a1beacb03552a76710a22b93c611d7731bbf2e6503685544e8aab2');
INSERT INTO public.inputs VALUES ('5ed7eef521ef4b678d72bf10c8610a61', 1, 'style', '6a1f1f929dbfeb8e548a585e50bf725a5c77b5f28bc1829eb3a2216f2daf705a');


--
-- Data for Name: jobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.jobs VALUES (1, '84b0ad4d9ad74408ab81023cb8f12797', 'finished', '{"recipe": "default", "strength": 0.5, "steps": 12, "seed": 0, "size": 40, "shape": null, "fit": "cover", "style_fit": "contain", "style_scale": 1.0, "upscale": false, "resample": "lanczos", "max_megapixels": 100.0, "bits": "auto", "content_weight": null, "style_weight": null, "tv_weight": 1.0, "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5}, "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0}, "content_loss": "relative", "style_loss": "moments", "style_blend": null, "gram_heads": 1, "tv_loss": "vectorial", "color": "style", "init": "content", "noise": 0.3, "coarsest": 128, "margin": 0.05, "coarse_share": 1.4, "optimizer": "adam", "lr": 0.05, "lr_schedule": "constant", "lr_decay": 0.8, "lr_decay_every": 50, "lbfgs_history": 10, "lbfgs_sobolev": 5.0, "backbone": "slim", "weights_file": null, "pooling": "auto", "padding": "reflect", "device": "auto", "precision": "float32", "threads": null, "deterministic": false, "channels_last": true, "compile": false, "force": false}', '2025-01-01 00:00:00+00', '2025-01-01 00:00:04.928745+00', '2025-01-01 00:00:09.059384+00', 12, 12, '{"content": 0.6462271213531494, "style": 2.370123863220215, "tv": 0.4547511041164398, "total": 3.471101999282837}', 2.933848322999438, 40, 40, NULL, 1, 1, '127.0.0.1', false, '["the style image has too small a region for some layers, which are left out there: relu5_1 up to 40 px", "style image 2 has too small a region for some layers, which are left out there: relu5_1 up to 40 px"]', NULL, NULL);
INSERT INTO public.jobs VALUES (2, '965075fb774f48c8aa4cac2f73292d0b', 'failed', '{"recipe": "default", "strength": 0.5, "steps": 12, "seed": 0, "size": 40, "shape": null, "fit": "cover", "style_fit": "contain", "style_scale": 1.0, "upscale": false, "resample": "lanczos", "max_megapixels": 100.0, "bits": "auto", "content_weight": null, "style_weight": null, "tv_weight": 1.0, "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5}, "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0}, "content_loss": "relative", "style_loss": "moments", "style_blend": null, "gram_heads": 1, "tv_loss": "vectorial", "color": "style", "init": "content", "noise": 0.3, "coarsest": 128, "margin": 0.05, "coarse_share": 1.4, "optimizer": "adam", "lr": 0.05, "lr_schedule": "constant", "lr_decay": 0.8, "lr_decay_every": 50, "lbfgs_history": 10, "lbfgs_sobolev": 5.0, "backbone": "slim", "weights_file": null, "pooling": "auto", "padding": "reflect", "device": "auto", "precision": "float32", "threads": null, "deterministic": false, "channels_last": true, "compile": false, "force": false}', '2025-01-01 00:00:00.146713+00', '2025-01-01 00:00:09.066055+00', '2025-01-01 00:00:09.076251+00', 0, NULL, '{}', 0, NULL, NULL, 'the content image is cut short after 1,795 of at least 3,578 bytes: export or download it again', 1, NULL, '127.0.0.1', false, '[]', NULL, NULL);
INSERT INTO public.jobs VALUES (3, 'ead62c05bde04be481fb37401b918199', 'cancelled', '{"recipe": "default", "strength": 0.5, "steps": 100000, "seed": 0, "size": 40, "shape": null, "fit": "cover", "style_fit": "contain", "style_scale": 1.0, "upscale": false, "resample": "lanczos", "max_megapixels": 100.0, "bits": "auto", "content_weight": null, "style_weight": null, "tv_weight": 1.0, "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5}, "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0}, "content_loss": "relative", "style_loss": "moments", "style_blend": null, "gram_heads": 1, "tv_loss": "vectorial", "color": "style", "init": "content", "noise": 0.3, "coarsest": 128, "margin": 0.05, "coarse_share": 1.4, "optimizer": "adam", "lr": 0.05, "lr_schedule": "constant", "lr_decay": 0.8, "lr_decay_every": 50, "lbfgs_history": 10, "lbfgs_sobolev": 5.0, "backbone": "slim", "weights_file": null, "pooling": "auto", "padding": "reflect", "device": "auto", "precision": "float32", "threads": null, "deterministic": false, "channels_last": true, "compile": false, "force": false}', '2025-01-01 00:00:09.418895+00', '2025-01-01 00:00:09.584554+00', '2025-01-01 00:00:10.987275+00', 36, 100000, '{"content": 1.2616963386535645, "style": 1.9594119787216187, "tv": 0.45058244466781616, "total": 3.6716909408569336}', 1.046546572999432, 40, 40, NULL, 1, 1, '127.0.0.1', true, '[]', NULL, NULL);
INSERT INTO public.jobs VALUES (4, 'ef35c2a6211a486ab4c4b665f57eb0b5', 'running', '{"recipe": "default", "strength": 0.5, "steps": 200, "seed": 0, "size": 40, "shape": null, "fit": "cover", "style_fit": "contain", "style_scale": 1.0, "upscale": false, "resample": "lanczos", "max_megapixels": 100.0, "bits": "auto", "content_weight": null, "style_weight": null, "tv_weight": 1.0, "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5}, "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0}, "content_loss": "relative", "style_loss": "moments", "style_blend": null, "gram_heads": 1, "tv_loss": "vectorial", "color": "style", "init": "content", "noise": 0.3, "coarsest": 128, "margin": 0.05, "coarse_share": 1.4, "optimizer": "lbfgs", "lr": 1.0, "lr_schedule": "constant", "lr_decay": 0.8, "lr_decay_every": 50, "lbfgs_history": 2, "lbfgs_sobolev": 5.0, "backbone": "slim", "weights_file": null, "pooling": "auto", "padding": "reflect", "device": "auto", "precision": "float32", "threads": null, "deterministic": false, "channels_last": true, "compile": false, "force": false}', '2025-01-01 00:00:11.055796+00', '2025-01-01 00:00:11.49378+00', NULL, 22, 200, '{"content": 1.6759893894195557, "style": 1.3402361869812012, "tv": 0.4166538119316101, "total": 3.4328794479370117}', 0.5242487850000543, 40, 40, NULL, 1, 1, '127.0.0.1', false, '[]', 'worker 1 15427-aeca2c84', '2025-01-01 00:00:27.061352+00');
INSERT INTO public.jobs VALUES (5, '5ed7eef521ef4b678d72bf10c8610a61', 'queued', '{"recipe": "default", "strength": 0.5, "steps": 12, "seed": 0, "size": 40, "shape": null, "fit": "cover", "style_fit": "contain", "style_scale": 1.0, "upscale": false, "resample": "lanczos", "max_megapixels": 100.0, "bits": "auto", "content_weight": null, "style_weight": null, "tv_weight": 1.0, "content_layers": {"relu3_1": 0.5, "relu4_2": 0.5}, "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0, "relu4_1": 1.0, "relu5_1": 1.0}, "content_loss": "relative", "style_loss": "moments", "style_blend": null, "gram_heads": 1, "tv_loss": "vectorial", "color": "style", "init": "content", "noise": 0.3, "coarsest": 128, "margin": 0.05, "coarse_share": 1.4, "optimizer": "adam", "lr": 0.05, "lr_schedule": "constant", "lr_decay": 0.8, "lr_decay_every": 50, "lbfgs_history": 10, "lbfgs_sobolev": 5.0, "backbone": "slim", "weights_file": null, "pooling": "auto", "padding": "reflect", "device": "auto", "precision": "float32", "threads": null, "deterministic": false, "channels_last": true, "compile": false, "force": false}', '2025-01-01 00:00:11.100477+00', NULL, NULL, 0, NULL, '{}', 0, NULL, NULL, NULL, 0, NULL, '127.0.0.1', false, '[]', NULL, NULL);


--
-- Name: jobs_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.jobs_number_seq', 5, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: inputs inputs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inputs
    ADD CONSTRAINT inputs_pkey PRIMARY KEY (job, "position");


--
-- Name: jobs jobs_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_id_key UNIQUE (id);


--
-- Name: jobs jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (number);


--
-- Name: inputs_by_upload; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inputs_by_upload ON public.inputs USING btree (sha256);


--
-- Name: jobs_by_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX jobs_by_client ON public.jobs USING btree (client, state);


--
-- Name: jobs_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX jobs_by_state ON public.jobs USING btree (state, number);


--
-- Name: inputs inputs_job_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inputs
    ADD CONSTRAINT inputs_job_fkey FOREIGN KEY (job) REFERENCES public.jobs(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


